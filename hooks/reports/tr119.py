"""TR119: what do a million tokens cost, in money, energy and carbon?

A cost is the price of an hour over the tokens of an hour. On one machine the price is the same for every engine, so
that the ranking is that of the rates; what differs between machines is the price and, unmeasured here, the rate.
"""

from __future__ import annotations

from functools import partial

from harness.units import J_PER_TOKEN, ONE, PERCENT, TOKENS, USD, USD_PER_MTOK, S

from ..content.charts import Point
from ..content.scatter import LogAxes, Sized, logarithmic
from ..recipes.claims import claim_effect, rank
from ..recipes.columns import RUNS, AskedColumn, column, metric, metrics
from ..recipes.contrasts import against_reference, ratio_and_finding
from ..recipes.report_builder import Draft
from ..recipes.rows import Row, rows
from ..recipes.tables import outcomes, table
from ..values.value import Value, constant

PREFILL, DECODE, UNCACHED = "server_prefill_tps", "server_decode_tps", "uncached_generate"
MACHINE, BASELINE, SCENARIO = "machine.c6i-large", "transformers-cpu", "summary"
MACHINES = {
    MACHINE: "compute machine, Intel",
    "machine.c6a-large": "compute machine, AMD",
    "machine.m5-large": "general machine, Intel",
}
HEADINGS = {"arm": "engine"}
PROMPT, OUTPUT = constant(256.0, TOKENS, "prompt tokens of a request"), constant(128.0, TOKENS, "its output tokens")
THOUSAND, DEMAND = constant(1000.0, ONE, "requests"), constant(1e9, TOKENS, "output tokens in a month")
AXES = LogAxes("scenario", "prefill", "cost of output tokens", "engine")


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr119.md cites."""
    draft.flag("pilot", len(draft.data.dataset.recordings) < draft.study.sessions)
    arms = rows(draft, "arm", "scenario", "generation", headings=HEADINGS)
    outcomes(arms, "arms_outcomes", "How the runs of each engine ended")
    cached = arms.at(generation="kv").ended("ok")
    hour = draft.finding("hour", draft.input(MACHINE))
    draft.finding("electricity", draft.input("electricity.virginia-commercial"))
    draft.finding("carbon", draft.input("carbon.us-grid"))
    table(cached, "costs", "What tokens cost", *_costs(hour), RUNS)
    points = [
        Sized(Point(row.text("{scenario}"), _cost(draft, row), row.text("{arm}")), _wait(draft, row)) for row in cached
    ]
    draft.figure(logarithmic("frontier", "Cost of output tokens by the time of prefill", AXES, points))
    table(arms.at(generation="uncached").ended("ok"), "uncached", "Without a cache", *_uncached(hour), RUNS)
    power, joules = metric("power", "power"), column("energy of an output token", _energy, J_PER_TOKEN)
    table(cached, "energy", "Energy", power, joules)
    here = cached.at(scenario=SCENARIO)
    table(here, "prices", "Output tokens on other machines, were they as fast", *map(_on_machine, MACHINES))
    table(here, "break_even", "What would change the ranking", *_break_even(hour))
    _against_baseline(draft)
    rank(here, "cheapest-prefill", "the cost of prompt tokens on this machine", PREFILL, "{arm}")
    rank(here, "cheapest-decode", "the cost of output tokens on this machine", DECODE, "{arm}")
    if draft.claims:
        draft.headline(*(name for name in draft.claims if name.startswith("cheapest")), *draft.claims)


def _costs(hour: Value) -> tuple[AskedColumn[Row], ...]:
    return (
        *metrics(server_prefill_tps="prefill", server_decode_tps="decode"),
        column("a million prompt tokens", partial(_per_million, PREFILL, hour), USD_PER_MTOK),
        column("a million output tokens", partial(_per_million, DECODE, hour), USD_PER_MTOK),
        column("a thousand requests", partial(_requests, hour), USD),
        column("a month of a billion output tokens", partial(_month, hour), USD),
    )


def _per_million(rate: str, hour: Value, draft: Draft, row: Row) -> Value:
    return (hour / draft.ask(rate, row.where)).to(USD_PER_MTOK)


def _cost(draft: Draft, row: Row) -> Value:
    return _per_million(DECODE, draft.input(MACHINE), draft, row)


def _cost_point(draft: Draft, row: Row) -> Point:
    return Point(row.text("{scenario}"), _cost(draft, row), row.text("{arm}"))


def _wait(draft: Draft, row: Row) -> Value:
    return draft.ask("prefill_latency", row.where)


def _requests(hour: Value, draft: Draft, row: Row) -> Value:
    """A thousand requests of so many prompt and output tokens, one after the other."""
    time = PROMPT / draft.ask(PREFILL, row.where) + OUTPUT / draft.ask(DECODE, row.where)
    return (THOUSAND * time.to(S) * hour).to(USD)


def _month(hour: Value, draft: Draft, row: Row) -> Value:
    return (DEMAND / draft.ask(DECODE, row.where) * hour).to(USD)


def _uncached(hour: Value) -> tuple[AskedColumn[Row], ...]:
    def cost(draft: Draft, row: Row) -> Value:
        rate = draft.ask("server_output_tokens", row.where) / draft.ask(UNCACHED, row.where)
        return (hour / rate).to(USD_PER_MTOK)

    return metric(UNCACHED), column("a million output tokens", cost, USD_PER_MTOK)


def _energy(draft: Draft, row: Row) -> Value:
    return (draft.ask("power", row.where) / draft.ask(DECODE, row.where)).to(J_PER_TOKEN)


def _on_machine(name: str) -> AskedColumn[Row]:
    def cost(draft: Draft, row: Row) -> Value:
        return _per_million(DECODE, draft.input(name), draft, row)

    return column(MACHINES[name], cost, USD_PER_MTOK)


def _break_even(hour: Value) -> tuple[AskedColumn[Row], ...]:
    """At which price of an hour, or at which use of the machine, an engine costs what the baseline costs."""

    def ratio(draft: Draft, row: Row) -> Value:
        baseline = draft.ask(DECODE, {**row.where, "arm": BASELINE})
        return baseline / draft.ask(DECODE, row.where)

    def price(draft: Draft, row: Row) -> Value:
        return (hour / ratio(draft, row)).to(hour.unit)

    def use(draft: Draft, row: Row) -> Value:
        return ratio(draft, row).to(PERCENT)

    return column("hourly price at which it costs as much", price, hour.unit), column(
        "use of the machine", use, PERCENT
    )


def _against_baseline(draft: Draft) -> None:
    """Each engine against eager PyTorch, in pairs of runs of one block."""
    words = {PREFILL: "prompt tokens", DECODE: "output tokens"}
    names, where = ("scenario", "phase", "arm"), {"generation": "kv"}
    found = against_reference(draft, words, "arm", "scenario", names, where=where)
    table(found, "against_pytorch", "Rates against eager PyTorch's", ratio_and_finding("rate over eager PyTorch's"))
    for one in found.at(scenario=SCENARIO):
        sentence = (
            "Of {phase}, {arm} computes {ratio~1:more than|less than|a number not shown to differ from that of} eager"
            " PyTorch in the same time, and so for the same money: the ratio is {ratio} {ratio.interval}."
        )
        claim_effect(
            draft, f"cost-{one.slug('phase', 'arm')}", sentence, one.contrast, "ratio.low > 1", names=one.names
        )
