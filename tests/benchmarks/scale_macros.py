"""The macros of the rival site, copied into it as ``main.py``: what a careful author of mkdocs-macros would write.

Each report's tables are read once with pandas, only the columns that are needed; figures are Altair specs that
the browser draws; there are no intervals, no provenance and no static drawing.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd

SHOWN = {
    "warm_ttft": ("ttft", "measured", "time to first token"),
    "cold_ttft": ("ttft", "cold", "time to first token, first request"),
    "tpot": ("tpot", "measured", "time per token"),
    "e2e": ("e2e", "measured", "duration of a request"),
    "cold_e2e": ("e2e", "cold", "duration of the first request"),
    "decode": ("decode", "measured", "decode speed, client"),
    "engine": ("engine", "measured", "decode speed, engine"),
    "load": ("load", "measured", "load time"),
}
NEEDED = ["run_id", "phase", "planned_ns", "sent_ns", "end_ns", "arrivals_ns", "engine_predicted_n"]
NEEDED += ["engine_predicted_ms"]
LEVELS = {"level.model": "model", "level.threads": "threads", "level.num_ctx": "num_ctx"}


@lru_cache(maxsize=1)
def requests_of(report: str) -> pd.DataFrame:
    """The requests of a report with its metrics and settings."""
    folder = max((Path(os.environ["SCALE_DATA"]) / report).glob("v*"))
    runs = pd.read_parquet(folder / "runs.parquet", columns=["run_id", "load_ns", *LEVELS]).rename(columns=LEVELS)
    frame = pd.read_parquet(folder / "requests.parquet", columns=NEEDED)
    first, last = frame["arrivals_ns"].str[0], frame["arrivals_ns"].str[-1]
    gaps = frame["arrivals_ns"].str.len() - 1
    frame["ttft"] = first / 1e6
    frame["tpot"] = (last - first) / gaps / 1e6
    frame["e2e"] = frame["end_ns"] / 1e6
    frame["decode"] = gaps / ((last - first) / 1e9)
    frame["engine"] = (frame["engine_predicted_n"] - 1) / (frame["engine_predicted_ms"] / 1e3)
    frame = frame.drop(columns=["arrivals_ns"]).merge(runs, on="run_id")
    frame["load"] = frame["load_ns"] / 1e6
    return frame


@lru_cache(maxsize=8)
def cells_of(report: str, name: str) -> pd.DataFrame:
    """Median and mean of the runs of each cell, with quartiles."""
    metric, phase, _ = SHOWN[name]
    frame = requests_of(report)
    keys = ["model", "threads", "num_ctx"]
    runs = frame[frame["phase"] == phase].groupby([*keys, "run_id"], observed=True)[metric].median()
    cells = runs.groupby(level=keys, observed=True).agg(
        median="median",
        mean="mean",
        low=lambda column: column.quantile(0.25),
        high=lambda column: column.quantile(0.75),
    )
    cells = cells.reset_index()
    cells["settings"] = cells["threads"].astype(str) + " threads, " + cells["num_ctx"].astype(str) + " tokens"
    return cells


def define_env(env: Any) -> None:
    """Called by mkdocs-macros."""

    @env.macro
    def table(report: str, name: str) -> str:
        columns = ["model", "settings", "median", "mean"]
        html: str = cells_of(report, name)[columns].to_html(index=False, float_format="%.2f")
        return html

    @env.macro
    def figure(report: str, name: str) -> str:
        y = alt.Y("settings:N")
        base = alt.Chart(cells_of(report, name)).encode(y=y, color="model:N", yOffset="model:N")
        tips = ["model", "settings", "median", "low", "high"]
        bars = base.mark_rule().encode(x=alt.X("low:Q", title=SHOWN[name][2]), x2="high:Q", tooltip=tips)
        dots = base.mark_point().encode(x="median:Q", tooltip=tips)
        spec = json.dumps((bars + dots).to_dict())
        place = f"{report}-{name}"
        return f'<div id="{place}"></div>\n<script>vegaEmbed("#{place}", {spec})</script>'
