"""Any dataset: every metric that its study names, cell by cell, and what is known of the server that answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow.compute as pc

from harness.metrics import METRICS
from harness.metrics import metric as metric_named
from harness.metrics.definition import RunMetric
from harness.metrics.definitions.server_load import OF_SERVERS

from ..recipes.agents.timeline import stream_timelines
from ..recipes.charts.intervals import chart, front
from ..recipes.columns import RUNS, AskedColumn, column, count, metric
from ..recipes.report_builder import Draft
from ..recipes.rows import Row, Rows, rows
from ..recipes.served_facts import served_facts
from ..recipes.tables import table
from ..values.value import Value

WAITS = (
    "ttft",
    "ttft_from_send",
    "time_to_first_answer",
    "itl",
    "inter_chunk_latency",
    "tpot",
    "e2e_latency",
    "e2e_from_send",
    "decode_tps",
)
RATES = ("output_token_throughput", "request_throughput", "goodput")
REASONING = ("time_to_first_answer", "reasoning_tokens")
TOKENS = ("prompt_tokens", "cache_hit_tokens", "output_tokens", "server_output_tokens")
DRAWN = ("ttft", "itl", "tpot", "output_token_throughput", "goodput")
MOST_DRAWN = 40
PER_TABLE = 5
HEADINGS = {"streams": "requests at once", "rate_per_s": "requests a second"}
ALONE, TOGETHER = metric("decode_tps"), metric("output_token_throughput")
SHORTEST = count("prompt_tokens", "smallest prompt tokens of a run", within="min")
LONGEST = count("prompt_tokens", "largest prompt tokens", within="max", across="max")
SHARE: AskedColumn[Row] = metric("failed_share", "failed requests, mean share", within="mean", across="mean")


def compute(draft: Draft) -> None:
    """Everything that the page of a dataset without a report shows."""
    factors = draft.data.factors
    over = rows(draft, *factors, kinds=dict.fromkeys(factors, "setting"), headings=HEADINGS)
    reasons = _reasons(draft)
    left_out = {"failed_share", *(() if reasons else REASONING)}
    asked = [name for name in draft.study.metrics if name in METRICS and name not in left_out]
    further = [name for name in asked if name not in (*WAITS, *RATES, *TOKENS, *REASONING)]
    _table(over, "waits", "Latency and speed of one request", [name for name in WAITS if name in asked])
    _table(over, "rates", "All requests together", [name for name in RATES if name in asked])
    printed = [name for name in further if draft.study.imported and _of_runs(name)]
    for number, some in enumerate(_pieces(printed, PER_TABLE)):
        printed_here = [metric(one) for one in some]
        table(over, f"printed-{number}", "What the tool printed, by its own definitions", printed_here, RUNS)
    _table(over, "further", "Further measurements", [name for name in further if name not in printed])
    _table(over, "server", "What the server said of its own work", _told_by_servers(draft))
    counted = (*TOKENS, "reasoning_tokens") if reasons else TOKENS
    tokens = [column(metric_named(name).name, metric(name).ask, form="figure") for name in counted]
    tokens[1:1] = [SHORTEST, LONGEST]
    table(over, "tokens", "Tokens as the client and as the server count them, of a request", tokens)
    if 1 < len(over) <= MOST_DRAWN:
        _draw(over, [name for name in DRAWN if name in asked])
    if draft.study.imported is None:
        stream_timelines(over.ended("ok"), _label(over))
    served_facts(draft, "served")


def _pieces(names: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """``names``, ``size`` at a time."""
    yield from (names[begin : begin + size] for begin in range(0, len(names), size))


def _of_runs(name: str) -> bool:
    return isinstance(metric_named(name), RunMetric)


def _table(over: Rows[Row], name: str, caption: str, asked: Sequence[str]) -> None:
    """A table of the metrics ``asked``, with the share of failures beside them; none where nothing is asked."""
    if asked:
        table(over, name, caption, [metric(one) for one in asked], SHARE, RUNS)


def _reasons(draft: Draft) -> bool:
    """Whether any request had tokens before those of its answer."""
    return bool(draft.data.value("reasoning_tokens", within="max", across="max").number)


def _told_by_servers(draft: Draft) -> list[str]:
    """The metrics whose quantities the server told while it was measured."""
    read = draft.data.dataset.table("readings", ("quantity",))["quantity"].cast("string")
    told = set(pc.unique(read).to_pylist())
    return [one.id for one in OF_SERVERS if told.issuperset(one.quantities)]


def _draw(over: Rows[Row], asked: Sequence[str]) -> None:
    """A chart of each metric that has a number to draw, and of what all requests get against what one gets."""
    label = _label(over)
    for name in asked:
        if any(_drawn(metric(name), over, row) for row in over):
            said = metric_named(name).name
            chart(over, name.replace("_", "-"), f"{said[0].upper()}{said[1:]}", metric(name), label=label)
    both = over.keep(lambda row: _drawn(ALONE, over, row) and _drawn(TOGETHER, over, row))
    if len(both) > 1:
        front(both, "front", "Throughput of all against the speed of one", ALONE, TOGETHER, label=label)


def _label(over: Rows[Row]) -> str:
    return ", ".join(f"{{{name}}}" for name in over.names)


def _drawn(asked: AskedColumn[Row], over: Rows[Row], row: Row) -> bool:
    """Whether a row has a number above zero."""
    cell = asked.ask(over.draft, row)
    return isinstance(cell, Value) and cell.number is not None and cell.number > 0
