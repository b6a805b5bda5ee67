"""Costs to compute: TR119 on the recordings that are published, and rates of runs that were never made."""

from __future__ import annotations

import random

from harness.datasets.read import Dataset
from harness.studies.tr119 import STUDY
from harness.units import TOK_PER_S, USD_PER_HOUR
from hooks.analysis.declared_inputs import declared_inputs
from hooks.analysis.measurements import Measurements
from hooks.content.blocks import Content
from hooks.recipes.costs.formulas import Assumptions
from hooks.recipes.report_builder import Draft
from hooks.reports import compute
from hooks.values.evidence import Interval, Sample, Strength
from hooks.values.value import Value, cited
from tests.support.projects import ROOT

RUNS = 9


def cost_draft() -> Draft:
    """A draft of TR119 over its published version, with the declared inputs."""
    data = Measurements(Dataset.open(ROOT / "data" / "tr119" / "v1"))
    return Draft(data, STUDY, declared_inputs(ROOT / "data" / "inputs"))


def cost_report() -> Content:
    """What TR119 computes."""
    draft = cost_draft()
    compute("tr119")(draft)
    return draft.content()


def assumed(
    hour: float, prompt: float, output: float, requests: float, used: float, paid: float = 100.0
) -> Assumptions:
    """Assumptions with a price of an hour that nobody published."""
    price = cited(hour, USD_PER_HOUR, "a test", 6, name="hour")
    return Assumptions.of(price, prompt=prompt, output=output, requests=requests, used=used, paid=paid)


def rate(name: str, near: float, chance: random.Random) -> Value:
    """A rate in tokens a second as runs measure it: each within a tenth of ``near``."""
    numbers = tuple(sorted(near * chance.uniform(0.9, 1.1) for _ in range(RUNS)))
    sample = Sample(("cell",) * RUNS, tuple(f"run-{number}" for number in range(RUNS)), numbers, "median")
    interval = Interval(numbers[1], numbers[-2], 0.95, "order statistics")
    return Value(
        numbers[RUNS // 2], TOK_PER_S, Strength.MEASURED, interval, RUNS, source=name, name=name, sample=sample
    )
