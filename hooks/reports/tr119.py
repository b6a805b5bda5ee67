"""TR119: what do a million tokens cost, in money, energy and carbon?

A cost is the price of an hour over the tokens of an hour. On one machine the price is the same for every engine, so
that the ranking is that of the rates; what differs between machines is the price and, unmeasured here, the rate.
"""

from __future__ import annotations

from ..content.scatter import LogAxes
from ..recipes.charts.over_sizes import over_sizes
from ..recipes.claims import claim_effect, rank
from ..recipes.columns import RUNS
from ..recipes.contrasts import against_reference, ratio_and_finding
from ..recipes.costs.calculator import calculator
from ..recipes.costs.energy import Declared, measured, modelled, sensors
from ..recipes.costs.formulas import DECODE, PREFILL, Assumptions, per_million
from ..recipes.costs.inputs import declared
from ..recipes.costs.ranking import break_even, on_machines, priced, tiers, uncached
from ..recipes.costs.sensitivity import swings, tornado
from ..recipes.report_builder import Draft
from ..recipes.rows import Row, rows
from ..recipes.tables import outcomes, table
from ..values.value import Value

MACHINE, BASELINE, SCENARIO = "machine.c6i-large", "transformers-cpu", "summary"
MACHINES = {
    MACHINE: "compute machine, Intel",
    "machine.c6a-large": "compute machine, AMD",
    "machine.m5-large": "general machine, Intel",
}
OFFERS = {
    "on demand": "",
    "spot": ".spot",
    "reserved for one year, paid at once": ".reserved-1y",
    "reserved for three years": ".reserved-3y",
    "a machine of one's own, with depreciation": ".own",
}
"""How each way to pay continues the id of a machine."""
ELECTRICITY, CARBON = "electricity.virginia-commercial", "carbon.us-grid"
FULL, IDLE = "power.epyc-4.full", "power.epyc-4.idle"
POWERS = {"vendor_id AuthenticAMD, family 25, model 17,": Declared(FULL, IDLE, ELECTRICITY, CARBON)}
"""Declared powers by processor: this one is of the fourth generation of EPYC."""
HEADINGS = {"arm": "engine"}
PROMPT, OUTPUT, REQUESTS, USED = 256.0, 128.0, 7_812_500.0, 100.0
"""What a request has in tokens, how many a month has (a billion output tokens), and the share of a paid hour that is
used, in percent."""
AXES = LogAxes("machine", "prefill", "cost of output tokens", "engine")
SENSITIVITY = "What moves the cost of output tokens of eager PyTorch, one input at a time"
CHART = "Cost of output tokens, decoded with a cache, by the time of prefill"


def compute(draft: Draft) -> None:
    """Everything that docs/reports/tr119.md cites."""
    arms = rows(draft, "arm", "scenario", "generation", headings=HEADINGS)
    outcomes(arms, "arms_outcomes", "How the runs of each engine ended")
    cached = arms.at(generation="kv").ended("ok").named("arm", "scenario")
    given = Assumptions.of(
        draft.finding("hour", draft.input(MACHINE)), prompt=PROMPT, output=OUTPUT, requests=REQUESTS, used=USED
    )
    draft.finding("electricity", draft.input(ELECTRICITY))
    draft.finding("carbon", draft.input(CARBON))
    calculator(cached, "costs", "What tokens cost", given)
    table(arms.at(generation="uncached").ended("ok"), "uncached", "Without a cache", *uncached(given), RUNS)
    sensors(cached, "sensors", "What could measure energy")
    table(cached, "energy", "Energy as it was measured", measured(cached))
    table(cached, "energy_modelled", "Energy as it is modelled", modelled(draft, POWERS))
    here = cached.at(scenario=SCENARIO)
    over_sizes(draft, "frontier", CHART, AXES, _prefill, *priced(here, given, MACHINES, "{arm}"), point="{machine}")
    table(here, "prices", "Output tokens on other machines, were they as fast", on_machines(given, MACHINES))
    tiers(draft, "tiers", "The price of an hour by the way to pay for it", OFFERS, MACHINES)
    offers = {f"{MACHINE}{way}": words for words, way in OFFERS.items() if draft.is_given(f"{MACHINE}{way}")}
    caption = f"Output tokens on the {MACHINES[MACHINE]}, by the way to pay for it"
    table(here, "paid", caption, on_machines(given, offers))
    prices = {
        one: f"{words}, {paid}"
        for machine, words in MACHINES.items()
        for paid, way in OFFERS.items()
        if draft.is_given(one := f"{machine}{way}")
    }
    declared(draft, "inputs", "Inputs that nobody measured here", (*prices, ELECTRICITY, CARBON, FULL, IDLE))
    hours = {words: draft.input(one) for one, words in prices.items()}
    for base in here.at(arm=BASELINE):
        moved = swings(cached, given, base, hours, "arm", "scenario")
        tornado(draft, "sensitivity", SENSITIVITY, "cost of output tokens", moved)
    table(here, "break_even", "What would change the ranking", break_even(given, {"arm": BASELINE}))
    _against_baseline(draft)
    rank(here, "cheapest-prefill", "the cost of prompt tokens, in prefill, on this machine", PREFILL, "{arm}")
    rank(here, "cheapest-decode", "the cost of output tokens, decoded with a cache, on this machine", DECODE, "{arm}")
    for row in here:
        for name, rate in (("prompt", PREFILL), ("output", DECODE)):
            cost = per_million(given, draft.ask(rate, row.where))
            draft.finding(f"{name}_{row.slug('arm')}".replace("-", "_"), cost, f"cost of a million {name} tokens")
    if draft.claims:
        draft.headline("cheapest-decode", "cheapest-prefill", *draft.claims)


def _prefill(draft: Draft, row: Row) -> Value:
    return draft.ask("prefill_latency", row.where)


def _against_baseline(draft: Draft) -> None:
    """Each engine against eager PyTorch, in pairs of runs of one block."""
    words = {PREFILL: "prompt tokens", DECODE: "output tokens"}
    names, where = ("scenario", "phase", "arm"), {"generation": "kv"}
    found = against_reference(draft, words, "arm", "scenario", names, where=where)
    table(found, "against_pytorch", "Rates against eager PyTorch's", ratio_and_finding("rate over eager PyTorch's"))
    for one in found.at(scenario=SCENARIO):
        sentence = (
            "Of {phase}, with a key-value cache, {arm} computes"
            " {ratio~1:more than|less than|a number not shown to differ from that of} eager PyTorch in the same time,"
            " and so for the same money: the ratio is {ratio} {ratio.interval}."
        )
        claim_effect(
            draft, f"cost-{one.slug('phase', 'arm')}", sentence, one.contrast, "ratio.low > 1", names=one.names
        )
