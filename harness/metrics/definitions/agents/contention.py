"""How much longer agents wait for a first token together than alone."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import fmean

from ....outcomes import Missing, NoValue
from ....units import PERCENT, RATIO
from ...definition import WorkMetric
from ...work import Work

THRESHOLD_MS = 3000.0
THRESHOLD_RATIO = 1.5
_BASELINES = "runs of two agents or more with baselines, whose calls all have a first token"


def _pairs(work: Work) -> Iterator[tuple[float, float]]:
    """TTFT of each call together, and the mean TTFT of the same agent's same call alone. Raises ``NoValue``."""
    for tasks in work.rounds(2):
        for task in tasks:
            baseline = work.baseline(task.agent)
            for turn, together in enumerate(task.ttft_ms):
                alone = [done.ttft_ms[turn] if turn < len(done.ttft_ms) else None for done in baseline]
                known = [ttft for ttft in alone if ttft is not None]
                if together is None or len(known) < len(alone):
                    raise NoValue(Missing.NO_TOKENS)
                yield together, fmean(known)


def contention(work: Work) -> float:
    """The share of calls whose TTFT exceeds that alone by 3 s, percent."""
    return 100 * fmean(together > alone + THRESHOLD_MS for together, alone in _pairs(work))


def contention_relative(work: Work) -> float:
    """The share of calls whose TTFT is more than 1.5 times that alone, percent."""
    return 100 * fmean(together > alone * THRESHOLD_RATIO for together, alone in _pairs(work))


def ttft_inflation(work: Work) -> float:
    """The sum of all TTFTs together over the sum of those alone, times."""
    pairs = list(_pairs(work))
    alone = sum(pair[1] for pair in pairs)
    if not alone:
        raise NoValue(Missing.NOT_APPLICABLE)
    return sum(pair[0] for pair in pairs) / alone


CONTENTION = WorkMetric(
    id="contention",
    name="contention",
    unit=PERCENT,
    formula="share of calls whose TTFT exceeds the one alone by more than 3 s",
    applicability=_BASELINES,
    higher_is_better=False,
    compute=contention,
)
CONTENTION_RELATIVE = WorkMetric(
    id="contention_relative",
    name="relative contention",
    unit=PERCENT,
    formula="share of calls whose TTFT is more than 1.5 times the one alone",
    applicability=_BASELINES,
    higher_is_better=False,
    compute=contention_relative,
)
TTFT_INFLATION = WorkMetric(
    id="ttft_inflation",
    name="TTFT together over TTFT alone",
    unit=RATIO,
    formula="Σ TTFT of the calls together / Σ TTFT of the same calls alone",
    applicability=_BASELINES,
    higher_is_better=False,
    compute=ttft_inflation,
)
