"""After how many requests has a cost of runs been paid by what a level saves, in pairs of like runs, block by block?"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable
from dataclasses import astuple
from statistics import fmean
from typing import Any

import numpy as np

from harness.metrics import metric as metric_named
from harness.metrics.definition import PRESENT
from harness.metrics.runs import RunValues
from harness.outcomes import Missing, NoValue
from harness.stats.comparison import break_even as stats
from harness.units import ONE

from ..values.evidence import Interval, Level, Strength
from ..values.questions import BreakEven, OfMetric
from ..values.value import Value, absent
from .estimates import about_requests
from .filters import Where, native
from .measurements import MEASURED, Measurements

NO_END = "no upper end: it may never be paid"
NOTHING_SAVED = "these runs show no saving"

Pair = tuple[Hashable, ...]
"""What two runs have in common, their block first (where there are several sessions: their session)."""


def break_even(
    data: Measurements,
    metric_id: str,
    cost: str,
    factor: str,
    level: Level,
    reference: Level,
    where: Where | None = None,
    *,
    within: str | None = None,
) -> tuple[Value, Value]:
    """How many requests pay for ``cost``, with its interval where that has an upper end; and the fewest that may.

    What a request saves is ``metric_id`` at the ``reference`` level of ``factor`` less that at ``level``, in pairs of
    runs that share everything else, averaged by block like its cost. Raises ``UnknownName``.
    """
    asked: dict[str, Any] = {
        **data.about_metric(metric_id, where, MEASURED, within),
        "factor": factor,
        "level": level,
        "reference": reference,
        "cost": cost,
        "cost_version": metric_named(cost).version,
    }
    estimate, least = (BreakEven(**asked, end=end) for end in ("estimate", "least"))
    return answer_break_even(data, estimate), answer_break_even(data, least)


def answer_break_even(data: Measurements, question: BreakEven) -> Value:
    """The answer to a question about a break-even point."""
    return data.kept(question, lambda: _answer(data, question))


def _answer(data: Measurements, question: BreakEven) -> Value:
    meaning = metric_named(question.metric).definition
    cost, saving = _by_block(data, question)
    try:
        found = stats.break_even(np.array(cost), np.array(saving))
    except NoValue as none:
        return absent(none.reason, ONE, question, meaning, Strength.DERIVED)
    number = found.number if question.end == "estimate" else found.low
    if number is None:
        return absent(Missing.TOO_FEW_RUNS, ONE, question, meaning, Strength.DERIVED)
    if math.isinf(number):
        return absent(NOTHING_SAVED, ONE, question, meaning, Strength.DERIVED)
    interval = found.interval if question.end == "estimate" else None
    caution = NO_END if question.end == "estimate" and found.low is not None and interval is None else ""
    ends = Interval(*astuple(interval)) if interval else None
    return Value(number, ONE, Strength.DERIVED, ends, found.n, question=question, definition=meaning, caution=caution)


def _by_block(data: Measurements, question: BreakEven) -> tuple[list[float], list[float]]:
    """The mean cost of each block at the level, and what a request saves in it on average, in seconds or another base
    unit."""
    about: dict[str, Any] = {"dataset": question.dataset, "digest": question.digest, "where": question.where}
    phases = about_requests(metric_named(question.metric), question.phase or MEASURED, question.within)
    spent = about_requests(metric_named(question.cost), MEASURED, None)
    unit = "session" if data.several_sessions else "block"
    numbers = _by_level(data.values(OfMetric(**about, **phases)), question.factor, unit)
    costs = _by_level(data.values(OfMetric(**about, **spent)), question.factor, unit)
    mine, other, paid = numbers[question.level], numbers[question.reference], costs[question.level]
    found: dict[Hashable, list[tuple[float, float]]] = defaultdict(list)
    for pair in mine:
        if pair in other and pair in paid:
            found[pair[0]].append((paid[pair], other[pair] - mine[pair]))
    cost, saving = ([fmean(one[k] for one in pairs) for pairs in found.values()] for k in (0, 1))
    return cost, saving


def _by_level(values: RunValues, factor: str, unit: str) -> dict[Level, dict[Pair, float]]:
    """The median of each pair in its base unit, by level of the factor."""
    not_shared = {"run_id", "cell_id", "replicate", "position", "engine", "engine_version", factor}
    names = [name for name in values.columns if name not in not_shared]
    found: dict[Level, dict[Pair, list[float]]] = defaultdict(lambda: defaultdict(list))
    for k in np.flatnonzero(values.reason == PRESENT):
        pair = tuple(native(values.columns[name][k]) for name in (unit, *names))
        found[native(values.columns[factor][k])][pair].append(float(values.values[k]) * values.unit.scale)
    medians = {level: {pair: float(np.median(own)) for pair, own in pairs.items()} for level, pairs in found.items()}
    return defaultdict(dict, medians)
