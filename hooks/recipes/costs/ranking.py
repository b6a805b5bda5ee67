"""What would change a ranking by cost: another machine, another price, another use of the hour, no cache."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from harness.units import PERCENT, USD_PER_MTOK

from ...content.blocks import Column, Table
from ...values.evidence import Level
from ...values.value import Value
from ..columns import AskedColumn, column, metric
from ..report_builder import Draft
from ..rows import Row, Rows
from .formulas import DECODE, UNCACHED, Asked, Assumptions, output_cost, per_million

NOT_GIVEN = "not given"


def uncached(given: Assumptions) -> Iterator[AskedColumn[Row]]:
    """An answer that is generated without a cache, and what its tokens cost."""

    def cost(draft: Draft, row: Row) -> Value:
        return per_million(given, draft.ask("server_output_tokens", row.where) / draft.ask(UNCACHED, row.where))

    yield metric(UNCACHED)
    yield column("a million output tokens", cost, USD_PER_MTOK)


def on_machines(given: Assumptions, machines: Mapping[str, str]) -> Iterator[AskedColumn[Row]]:
    """A million output tokens at the price of each machine (its words by the id of the input), at the measured rate."""

    def at(name: str) -> Asked:
        return lambda draft, row: output_cost(replace(given, hour=draft.input(name)))(draft, row)

    return (column(words, at(name), USD_PER_MTOK) for name, words in machines.items())


def priced(
    over: Rows[Row], given: Assumptions, machines: Mapping[str, str], label: str
) -> Iterator[tuple[Rows[Row], str, Asked]]:
    """Series of a chart, all named by ``label``: a million output tokens of each row at the price of each machine,
    whose words are the name ``machine`` of the row."""
    for name, words in machines.items():
        named = tuple(Row(row.where, {**row.names, "machine": words}) for row in over)
        at = replace(given, hour=over.draft.input(name))
        yield replace(over, lines=named), label, output_cost(at)


def break_even(given: Assumptions, baseline: Mapping[str, Level]) -> Iterator[AskedColumn[Row]]:
    """The price of an hour at which an engine costs what the ``baseline`` costs, and the share of the paid time that it
    must be used for that."""
    hour = given.hour

    def ratio(draft: Draft, row: Row) -> Value:
        return draft.ask(DECODE, {**row.where, **baseline}) / draft.ask(DECODE, row.where)

    as_dear = "hourly price at which it costs as much"
    yield column(as_dear, lambda draft, row: (hour / ratio(draft, row)).to(hour.unit), hour.unit)
    yield column("use of the machine", lambda draft, row: ratio(draft, row).to(PERCENT), PERCENT)


def tiers(draft: Draft, name: str, caption: str, offers: Mapping[str, str], machines: Mapping[str, str]) -> None:
    """A table of the price of an hour of each machine (its words by the id of the input) in each way to pay for it,
    which continues that id, or that none is given."""

    def price(one: str) -> Value | str:
        return draft.input(one) if draft.is_given(one) else NOT_GIVEN

    lines = tuple((words, *(price(f"{machine}{way}") for machine in machines)) for words, way in offers.items())
    columns = (Column("paid as"), *(Column(words, form="text") for words in machines.values()))
    draft.table(Table(name, caption, columns, lines))
