"""Which input moves a cost the most: the cost at the least and at the most of each, all others as they were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from harness.units import PERCENT, RATIO, USD_PER_MTOK

from ...content.blocks import Column, Table
from ...content.charts import Axes, Point, intervals
from ...values.value import Value, constant
from ..report_builder import Draft
from ..rows import Row, Rows
from .formulas import DECODE, Assumptions, output_cost, per_million

Swings = Mapping[str, Mapping[str, Value]]
"""By an input: the costs that its alternatives give, by the words of each."""
HALF = constant(50.0, PERCENT, "half of the paid hours").named("used-half")


def swings(
    over: Rows[Row], given: Assumptions, base: Row, hours: Mapping[str, Value], engine: str, work: str
) -> Swings:
    """What each input does to the cost of a million output tokens of the row ``base``: the price (``hours`` by their
    words), the use of the hour, and the rows of ``over`` that differ from it in the factor ``engine`` or ``work``."""
    draft, rate = over.draft, over.draft.ask(DECODE, base.where)
    costs = {factor: dict[str, Value]() for factor in (engine, work)}
    for row in over:
        for factor in costs:
            if all(row.where[name] == level for name, level in base.where.items() if name != factor):
                costs[factor][str(row.where[factor])] = output_cost(given)(draft, row)
    return {
        "price of an hour": {words: per_million(replace(given, hour=hour), rate) for words, hour in hours.items()},
        "use of the hour": {
            "all of it": per_million(given, rate),
            "half of it": per_million(replace(given, used=HALF), rate),
        },
        **{over.heading(factor): found for factor, found in costs.items()},
    }


def tornado(draft: Draft, name: str, title: str, measure: str, found: Swings) -> None:
    """A chart and the table ``<name>_inputs``, those that move the cost the most first."""
    ends = {}
    for words, costs in found.items():
        known = sorted((cost.number, way) for way, cost in costs.items() if cost.number is not None)
        if known:
            ends[words] = [(way, costs[way]) for _, way in (known[0], known[-1])]
    ratios = {words: most / least for words, ((_, least), (_, most)) in ends.items()}
    ordered = sorted(ends, key=lambda words: -(ratios[words].number or 0.0))
    points = [
        Point(words, cost, series)
        for words in ordered
        for series, (_, cost) in zip(("least", "most"), ends[words], strict=True)
    ]
    if points:
        draft.figure(intervals(name, title, Axes("input", measure, "of the input's alternatives"), points))
    lines = tuple((words, *(cell for end in ends[words] for cell in end), ratios[words]) for words in ordered)
    cost = [Column("least with"), Column("least", USD_PER_MTOK, "interval")]
    columns = (Column("input"), *cost, Column("most with"), Column("most", USD_PER_MTOK, "interval"))
    draft.table(Table(f"{name}_inputs", title, (*columns, Column("most over least", RATIO)), lines))
