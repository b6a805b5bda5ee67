"""What tokens cost: the price of an hour over the tokens of an hour, and what would change the ranking."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from harness.units import J_PER_TOKEN, ONE, PERCENT, USD, USD_PER_MTOK, S

from ...values.evidence import Level
from ...values.value import Value, constant
from ..columns import AskedColumn, column, metric, metrics
from ..report_builder import Draft
from ..rows import Row

PREFILL, DECODE, UNCACHED = "server_prefill_tps", "server_decode_tps", "uncached_generate"
THOUSAND = constant(1000.0, ONE, "requests")
Asked = Callable[[Draft, Row], Value]


def per_million(rate: str, hour: Value) -> Asked:
    """The cost of a million tokens at a measured ``rate``."""
    return lambda draft, row: (hour / draft.ask(rate, row.where)).to(USD_PER_MTOK)


def output_cost(hour: Value) -> Asked:
    """The cost of a million output tokens."""
    return per_million(DECODE, hour)


def costs(hour: Value, prompt: Value, output: Value, demand: Value) -> Iterator[AskedColumn[Row]]:
    """Rates and costs: of prompt and output tokens, of a thousand requests of ``prompt`` and ``output`` tokens that
    follow one another, and of a month with a ``demand`` for output tokens."""

    def requests(draft: Draft, row: Row) -> Value:
        time = prompt / draft.ask(PREFILL, row.where) + output / draft.ask(DECODE, row.where)
        return (THOUSAND * time.to(S) * hour).to(USD)

    def month(draft: Draft, row: Row) -> Value:
        return (demand / draft.ask(DECODE, row.where) * hour).to(USD)

    yield from metrics(server_prefill_tps="prefill", server_decode_tps="decode")
    yield column("a million prompt tokens", per_million(PREFILL, hour), USD_PER_MTOK)
    yield column("a million output tokens", output_cost(hour), USD_PER_MTOK)
    yield column("a thousand requests", requests, USD)
    yield column("a month of a billion output tokens", month, USD)


def uncached(hour: Value) -> Iterator[AskedColumn[Row]]:
    """An answer that is generated without a cache, and what its tokens cost."""

    def cost(draft: Draft, row: Row) -> Value:
        rate = draft.ask("server_output_tokens", row.where) / draft.ask(UNCACHED, row.where)
        return (hour / rate).to(USD_PER_MTOK)

    yield metric(UNCACHED)
    yield column("a million output tokens", cost, USD_PER_MTOK)


def energy() -> Iterator[AskedColumn[Row]]:
    """The power that a sensor read, and the energy of an output token."""

    def joules(draft: Draft, row: Row) -> Value:
        return (draft.ask("power", row.where) / draft.ask(DECODE, row.where)).to(J_PER_TOKEN)

    yield metric("power", "power")
    yield column("energy of an output token", joules, J_PER_TOKEN)


def on_machines(machines: Mapping[str, str]) -> Iterator[AskedColumn[Row]]:
    """A million output tokens at the price of each machine (its words by the id of the input), at the measured rate."""

    def at(name: str) -> Asked:
        return lambda draft, row: output_cost(draft.input(name))(draft, row)

    return (column(words, at(name), USD_PER_MTOK) for name, words in machines.items())


def break_even(hour: Value, baseline: Mapping[str, Level]) -> Iterator[AskedColumn[Row]]:
    """The price of an hour at which an engine costs what the ``baseline`` costs, and the share of the paid time that it
    must be used for that."""

    def ratio(draft: Draft, row: Row) -> Value:
        return draft.ask(DECODE, {**row.where, **baseline}) / draft.ask(DECODE, row.where)

    as_dear = "hourly price at which it costs as much"
    yield column(as_dear, lambda draft, row: (hour / ratio(draft, row)).to(hour.unit), hour.unit)
    yield column("use of the machine", lambda draft, row: ratio(draft, row).to(PERCENT), PERCENT)
