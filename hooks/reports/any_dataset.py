"""Any dataset: every metric that its study names, by cell, and what is known of the server that answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harness.design.scope import COMMAND
from harness.metrics import METRICS
from harness.metrics import metric as metric_named
from harness.models import SERVED

from ..analysis.filters import is_number
from ..content.blocks import Cell, Column, Lit, Table
from ..content.charts import Point
from ..content.scatter import LogAxes, Sized, logarithmic
from ..recipes.charts import chart
from ..recipes.columns import RUNS, AskedColumn, column, metric
from ..recipes.report_builder import Draft
from ..recipes.rows import Row, Rows, rows
from ..recipes.tables import table
from ..text.naming import level_text
from ..values.value import Value

WAITS = ("ttft", "ttft_from_send", "time_to_first_answer", "itl", "tpot", "e2e_latency", "decode_tps")
RATES = ("output_token_throughput", "request_throughput", "goodput")
TOKENS = ("prompt_tokens", "cache_hit_tokens", "output_tokens", "server_output_tokens")
DRAWN = ("ttft", "itl", "tpot", "output_token_throughput", "goodput")
MOST_DRAWN = 40
HEADINGS = {"streams": "requests at once", "rate_per_s": "requests a second"}
SHARE: AskedColumn[Row] = metric("failed_share", "failed requests, mean share", within="mean", across="mean")


def compute(draft: Draft) -> None:
    """Everything that the page of a dataset without a report shows."""
    factors = draft.data.factors
    over = rows(draft, *factors, kinds=dict.fromkeys(factors, "setting"), headings=HEADINGS)
    asked = [name for name in draft.study.metrics if name in METRICS and name != "failed_share"]
    if not draft.study.metrics:
        asked = [*WAITS, *RATES]
    rest = [name for name in asked if name not in (*WAITS, *RATES, *TOKENS)]
    _table(over, "waits", "Latency and speed of one request", [name for name in WAITS if name in asked])
    _table(over, "rates", "All requests together", [name for name in RATES if name in asked])
    _table(over, "further", "Further measurements", rest)
    tokens = [column(metric_named(name).name, metric(name).ask, form="figure") for name in TOKENS]
    table(over, "tokens", "Tokens as the client and as the server count them, of a request", tokens)
    _draw(over, [name for name in DRAWN if name in asked])
    columns = tuple(map(Column, ("what", "value", "who says so")))
    draft.table(Table("served", "What answered", columns, (*_served(draft),)))


def _table(over: Rows[Row], name: str, caption: str, asked: Sequence[str]) -> None:
    """A table of the metrics ``asked``, with the share of failures beside them; none where nothing is asked."""
    if asked:
        table(over, name, caption, [metric(one) for one in asked], SHARE, RUNS)


def _draw(over: Rows[Row], asked: Sequence[str]) -> None:
    if not 1 < len(over) <= MOST_DRAWN:
        return
    label = ", ".join(f"{{{name}}}" for name in over.names)
    for name in asked:
        if any(_positive(metric(name).ask(over.draft, row)) for row in over):
            said = metric_named(name).name
            chart(over, name.replace("_", "-"), f"{said[0].upper()}{said[1:]}", metric(name), label=label)
    if {"decode_tps", "output_token_throughput"} <= {*over.draft.study.metrics}:
        _front(over, label)


def _front(over: Rows[Row], label: str) -> None:
    """What all requests get together against what one of them gets."""
    found = [(row, metric("decode_tps").ask(over.draft, row), metric(RATES[0]).ask(over.draft, row)) for row in over]
    points = [
        Sized(Point(row.text(label), together, "this server"), alone)
        for row, alone, together in found
        if _positive(alone) and _positive(together)
        if isinstance(alone, Value) and isinstance(together, Value)
    ]
    if len(points) > 1:
        heading = " and ".join(map(over.heading, over.names))
        axes = LogAxes(heading, "decode speed of one request (tok/s)", metric_named(RATES[0]).name, "server")
        over.draft.figure(logarithmic("front", "Throughput of all against the speed of one", axes, points))


def _positive(cell: Cell) -> bool:
    return isinstance(cell, Value) and cell.number is not None and cell.number > 0


def _served(draft: Draft) -> Iterator[tuple[Cell, ...]]:
    """Each fact about the server: reported by it, declared by the operator, found by us, or unknown."""
    manifest = draft.data.dataset.manifest
    fixed: Mapping[str, Any] = dict(draft.study.fixed)
    for model in manifest.models:
        served = model.source == SERVED
        yield "model", _text(model.name), "the server's own name for it" if served else "the registry or the file"
        for name in ("family", "architecture", "layers", "parameters", "quantisation", "sha256"):
            fact = getattr(model, name)
            if fact is not None:
                yield _text(name), _text(fact), "the registry or the file"
            elif not any(_reported(draft, alias) for alias in _ALIASES.get(name, ())):
                yield _text(name), "—", "unknown"
    if address := fixed.get("base_url"):
        yield "address", _text(address), "asked for"
    for name in dict.fromkeys(key for told in draft.data.settings.values() for key in told):
        if name != "model" and (found := _reported(draft, name)):
            yield _text(name), _text(found), "reported by the server"
    for name, value in fixed.items():
        if name.startswith("declared.") and name != COMMAND:
            yield _text(name.partition(".")[2]), _text(value), "declared by the operator, not checked"


_ALIASES = {
    "layers": ("model_layers",),
    "parameters": ("n_params",),
    "quantisation": ("quantisation",),
    "sha256": ("model_sha256",),
}
"""What engines call a fact of the model that they report."""


def _reported(draft: Draft, name: str) -> str:
    """What every run that says anything reported, each different value once."""
    return ", ".join(
        f"{item:,}" if is_number(item) and isinstance(item, int) else level_text(item)
        for item in draft.data.reported(name)
    )


def _text(value: object) -> Lit:
    return Lit(f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value), "identifier")
