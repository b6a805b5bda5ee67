"""Intervals of combined values: one bootstrap over the runs of all operands at once.

The run is the unit and its cell the stratum. A cell's draws depend on nothing but the runs it holds, so
operands that share runs (cold and warm starts of one run) move together, and operands of different cells move
independently. Every operand is recomputed on each draw, then the whole formula: a ratio's interval comes from
ratios, not from a ratio of bounds.

Between medians the 2.5 and 97.5 % percentiles of the draws are taken as they are. Where an operand is a mean
they are widened for few runs: a normal quantile is replaced by Student's with Welch–Satterthwaite degrees of
freedom, each cell's share of the variance inflated by n / (n − 1). Simulated coverage of ratios with 5 to 40 runs
a side, normal, log-normal and with outliers: 95 to 98 % between medians, 93 to 97 % between means.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from .evidence import Interval, Sample
from .formulas import evaluate

if TYPE_CHECKING:
    from harness.metrics.batch import Floats, Ints

    from .values import Value

DRAWS = 2000
LEVEL = 0.95
FEWEST_RUNS = 5
FEWEST_RUNS_IN_CELL = 2
METHOD = "joint bootstrap over runs, stratified by cell"


def joint_interval(value: Value) -> Interval | None:
    """The interval of a combined value, or ``None`` where an operand has no sample of enough runs."""
    leaves = list(_sampled(value))
    strata = _strata(leaves)
    if not strata or min(map(len, strata.values())) < FEWEST_RUNS_IN_CELL or not all(map(_enough, leaves)):
        return None
    draws = _finite(_draw(value, {cell: _indices(cell, runs) for cell, runs in strata.items()}, strata))
    if len(draws) < DRAWS // 2:
        return None
    means = any(sample.statistic == "mean" for sample in leaves)
    tail = _widened_tail(value, strata) if means else (1 - LEVEL) / 2
    return None if tail is None else _percentiles(draws, tail)


def _sampled(value: Value) -> Iterator[Sample]:
    if value.sample is not None:
        yield value.sample
        return
    for parent in value.parents:
        yield from _sampled(parent)


def _enough(sample: Sample) -> bool:
    return sum(number is not None for number in sample.numbers) >= FEWEST_RUNS


def _strata(samples: list[Sample]) -> dict[str, tuple[str, ...]]:
    runs: dict[str, set[str]] = {}
    for sample in samples:
        for cell, run in zip(sample.cells, sample.runs, strict=True):
            runs.setdefault(cell, set()).add(run)
    return {cell: tuple(sorted(members)) for cell, members in sorted(runs.items())}


def _indices(cell: str, runs: tuple[str, ...]) -> Ints:
    import numpy as np

    seed = hashlib.sha256("\n".join((cell, *runs)).encode()).digest()[:16]
    return np.random.Generator(np.random.PCG64(int.from_bytes(seed))).integers(0, len(runs), (DRAWS, len(runs)))


def _draw(value: Value, indices: Mapping[str, Ints], strata: Mapping[str, tuple[str, ...]]) -> Floats:
    import numpy as np

    if value.sample is not None:
        return _resample(value.sample, indices, strata)
    if not value.parents:
        return np.full(DRAWS, np.nan if value.number is None else value.number)
    operands = tuple(_draw(parent, indices, strata) for parent in value.parents)
    with np.errstate(divide="ignore", invalid="ignore"):
        return evaluate(value.operation, operands, tuple(parent.unit for parent in value.parents), value.unit)


def _resample(sample: Sample, indices: Mapping[str, Ints], strata: Mapping[str, tuple[str, ...]]) -> Floats:
    import numpy as np

    by_run = {run: number for run, number in zip(sample.runs, sample.numbers, strict=True) if number is not None}
    blocks = [
        np.array([by_run.get(run, np.nan) for run in strata[cell]])[indices[cell]]
        for cell in sorted(set(sample.cells))
    ]  # fmt: skip
    drawn = np.concatenate(blocks, axis=1)
    gaps = np.isnan(drawn)
    if not gaps.any():
        return _reduce(drawn, sample.statistic)
    out = np.full(len(drawn), np.nan)
    some = ~gaps.all(axis=1)
    out[some] = np.nanmean(drawn[some], axis=1) if sample.statistic == "mean" else np.nanmedian(drawn[some], axis=1)
    return out


def _reduce(drawn: Floats, statistic: str) -> Floats:
    import numpy as np

    return np.asarray(drawn.mean(axis=1) if statistic == "mean" else np.median(drawn, axis=1))


def _finite(draws: Floats) -> Floats:
    import numpy as np

    return draws[np.isfinite(draws)]


def _widened_tail(value: Value, strata: Mapping[str, tuple[str, ...]]) -> float | None:
    """The tail probability to read off the draws so that few runs do not make the interval too narrow."""
    import numpy as np
    from scipy.special import ndtr, stdtrit

    fixed = {cell: np.tile(np.arange(len(runs)), (DRAWS, 1)) for cell, runs in strata.items()}
    shares: dict[str, float] = {}
    for cell, runs in strata.items():
        draws = _finite(_draw(value, {**fixed, cell: _indices(cell, runs)}, strata))
        shares[cell] = float(draws.var()) if len(draws) else math.nan
    total = sum(shares.values())
    if not math.isfinite(total):
        return None
    if total == 0:
        return (1 - LEVEL) / 2
    corrected = {cell: share * len(strata[cell]) / (len(strata[cell]) - 1) for cell, share in shares.items()}
    freedom = sum(corrected.values()) ** 2 / sum(c**2 / (len(strata[cell]) - 1) for cell, c in corrected.items())
    widening = math.sqrt(sum(corrected.values()) / total)
    return float(ndtr(-widening * stdtrit(freedom, (1 + LEVEL) / 2)))


def _percentiles(draws: Floats, tail: float) -> Interval:
    import numpy as np

    low, high = np.quantile(draws, (tail, 1 - tail))
    return Interval(float(low), float(high), LEVEL, METHOD)
