"""The computation of every report of the scale corpus, copied into its ``hooks/reports``: 8 figures and 8 tables."""

from __future__ import annotations

from itertools import product

from hooks.content.blocks import Cell, Column, Lit, Table
from hooks.content.charts import Axes, Point, intervals
from hooks.recipes.report_builder import Draft
from hooks.text.naming import level_text, slug
from hooks.values.evidence import Level

SHOWN = {
    "warm_ttft": ("ttft", "measured", "time to first token"),
    "cold_ttft": ("ttft", "cold", "time to first token, first request"),
    "tpot": ("tpot", "measured", "time per token"),
    "e2e": ("e2e_latency", "measured", "duration of a request"),
    "cold_e2e": ("e2e_latency", "cold", "duration of the first request"),
    "decode": ("decode_tps", "measured", "decode speed, client"),
    "engine": ("server_decode_tps", "measured", "decode speed, engine"),
    "load": ("load_time", "measured", "load time"),
}


def compute(draft: Draft) -> None:
    """Everything that the generated prose cites."""
    cells = _cells(draft)
    for name, (metric, phase, words) in SHOWN.items():
        _show(draft, name, metric, phase, words, cells)
    for model in draft.data.levels("model"):
        where = {"model": model}
        ratio = draft.data.value("ttft", where, phase="cold") / draft.data.value("ttft", where)
        found = draft.finding(f"cold_{slug(model)}", ratio, "first token of a first request over that of warm ones")
        sentence = f"The first request to {{{model}|identifier}} waits {{ratio}} as long as a warm one."
        draft.claim(f"cold-{slug(model)}", sentence, {"ratio": found}, "ratio.low > 1")


def _cells(draft: Draft) -> list[dict[str, Level]]:
    factors = ("model", "threads", "num_ctx")
    found = product(*(draft.data.levels(factor) for factor in factors))
    return [dict(zip(factors, levels, strict=True)) for levels in found]


def _show(draft: Draft, name: str, metric: str, phase: str, words: str, cells: list[dict[str, Level]]) -> None:
    rows: list[tuple[Cell, ...]] = []
    points: list[Point] = []
    for where in cells:
        median, mean = (draft.data.value(metric, where, phase=phase, across=kind) for kind in ("median", "mean"))
        setting = f"{level_text(where['threads'])} threads, {level_text(where['num_ctx'])} tokens"
        rows.append((Lit(str(where["model"]), "identifier"), Lit(setting, "setting"), median, mean))
        points.append(Point(setting, median, series=str(where["model"])))
    unit = rows[0][2].unit if hasattr(rows[0][2], "unit") else None
    columns = (
        Column("model"),
        Column("settings"),
        Column("median", unit, "interval"),
        Column("mean", unit, "interval"),
    )
    draft.table(Table(name, words.capitalize(), columns, tuple(rows)))
    draft.figure(intervals(name, words.capitalize(), Axes("settings", words, "model"), points))
