"""Calls that a compilation stalled: how many, for how long, what share of all; and when compiling has paid."""

from __future__ import annotations

from collections.abc import Iterator

from harness.outcomes import Missing

from ..analysis.break_even import break_even
from ..analysis.filters import Where
from ..content.blocks import Cell, Column, Lit
from ..values.value import Value
from .columns import AskedColumn, count, metric
from .contrasts import Effect
from .report_builder import Draft
from .rows import Row, Rows
from .tables import table


def stalls() -> tuple[AskedColumn[Row], ...]:
    """What stalled, apart from how fast the other calls are. A stall is told by the compiler's counters."""
    return (
        count("compile_stalls", "stalled calls of a run", within="sum"),
        metric("stall_share", "share of calls, mean of a run", within="mean"),
        metric("stall_time", "compiling in the calls of a run", within="sum"),
        metric("e2e_compiling", "longest stalled call", within="max", across="max"),
        metric("e2e_settled", "median call, nothing compiled"),
    )


def measured_calls(draft: Draft, where: Where) -> Lit:
    """How many calls a run measures, where it sends each prompt once: a mean says nothing of another number of them."""
    return Lit(str(len(draft.data.prompts("measured", where))), "setting")


def until_paid(draft: Draft, row: Effect, cost: str) -> tuple[Value, Value]:
    """After how many requests the metric ``cost`` of runs has been paid by what each saves; and the fewest that may."""
    one = row.contrast
    return break_even(draft.data, row.metric, cost, one.factor, one.level, one.reference, row.where_else)


def when_paid(over: Rows[Effect], name: str, caption: str, cost: str, spent: str, paid: str) -> None:
    """A table of the metric ``cost`` of runs, and of the requests after which it has been paid by what each saves.

    ``spent`` and ``paid`` head both. A finding ``<name>_<names of the row>`` for each row, whether or not a saving is
    shown. Raises ``UnknownName``.
    """

    def requests(draft: Draft, row: Effect) -> Value:
        return draft.finding(f"{name}_{row.slug(*over.names)}", until_paid(draft, row, cost)[0])

    def columns() -> Iterator[AskedColumn[Effect]]:
        yield AskedColumn(Column(paid), requests)
        yield AskedColumn(Column("at least"), lambda draft, row: _at_least(*until_paid(draft, row, cost)))
        yield AskedColumn(Column("at most"), lambda draft, row: _at_most(*until_paid(draft, row, cost)))

    table(over, name, caption, metric(cost, spent), columns())


def _at_least(number: Value, least: Value) -> Cell:
    return least if number.interval is None else "the lower end of the interval"


def _at_most(number: Value, least: Value) -> Cell:
    if number.interval is not None:
        return "the upper end of the interval"
    if least.missing == Missing.TOO_FEW_RUNS:
        return least
    if least.number is not None:
        return "no bound: it may never be paid"
    return "it is never paid, as far as these runs tell"
