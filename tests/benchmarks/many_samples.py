"""Procedures of ``harness.stats`` over many samples at once, as the simulation of their coverage asks for.

The functions that the pages call take one sample, and most of their time goes into calling them. These here give the
same ends and p-values for a table of samples, one a row; ``test_many_samples.py`` holds each of them to its function.
They take only what a simulation draws: values without ties, and enough of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from harness.stats.arrays import Bools, Floats
from harness.stats.comparison import ranking
from harness.stats.comparison.rank_power import shift_found
from harness.stats.comparison.sessions import upper_sd
from harness.stats.intervals import propagate as single
from harness.stats.intervals.interval import Statistic
from harness.stats.significance.rank_sum import null_distribution
from harness.stats.significance.signed_rank import bounds, exact_bounds, signed_rank_distribution

Table = Floats
"""``(…, n)``: one sample along the last axis."""


@dataclass(frozen=True, slots=True)
class Ends:
    """The ends of an interval for each sample, ``(…,)``."""

    low: Floats
    high: Floats

    def hold(self, truth: float) -> Bools:
        return np.asarray((self.low <= truth) & (truth <= self.high))

    def within(self, low: float, high: float) -> Bools:
        """Where the whole interval lies between two numbers, and touches neither."""
        return np.asarray((low < self.low) & (self.high < high))


def carried(samples: Sequence[Table], formula: Callable[..., Floats], statistic: Statistic = "median") -> Ends:
    """The intervals of ``propagate`` at 95 % for samples ``(count, n_i)``. ``formula`` must be monotone in each sample,
    so that what one of them alone makes of it is in order."""
    middle = np.median if statistic == "median" else np.mean
    centres = [middle(table, axis=1) for table in samples]
    apart = []
    for k, table in enumerate(samples):
        low, high = (
            _at(formula(*centres[:k], own, *centres[k + 1 :]), share) for own, share in _sides(table, statistic)
        )
        apart.append((high - low) ** 2)
    shares, excess = [spread / sum(apart) for spread in apart], [single._excess(statistic, t.shape[1]) for t in samples]
    outer = np.asarray(single.tail(shares, excess, 0.95))
    orders = single._orders(0, len(samples))
    found = formula(*(_slices(table, statistic, order) for table, order in zip(samples, orders, strict=True))).T.copy()
    return Ends(_low(found, outer), -_low(-found, outer))


def _sides(table: Table, statistic: Statistic) -> Iterator[tuple[Floats, float]]:
    """The two slices around each end of the middle of what is drawn, and how far from the first the end lies."""
    for share in single._HALF_WIDTH:
        place = share * (single.DRAWS - 1)
        yield _slices(table, statistic, np.array([int(place), int(place) + 1])), place % 1


def _at(pair: Floats, share: float) -> Floats:
    return np.asarray(pair[0] + share * (pair[1] - pair[0]))


def _slices(table: Table, statistic: Statistic, which: np.typing.NDArray[np.intp]) -> Floats:
    """What ``propagate`` draws from each sample, ``(slices, count)``; they ascend with their number."""
    n = table.shape[1]
    if statistic == "mean":
        spread = table.std(axis=1, ddof=1) / math.sqrt(n)
        return np.asarray(table.mean(axis=1) + spread * single._student(n)[which, None])
    outer, inner, weight = (place[which] for place in single._places(n))
    ordered = np.sort(table, axis=1).T.copy()
    return np.asarray((1 - weight)[:, None] * ordered[outer] + weight[:, None] * ordered[inner])


def _low(drawn: Floats, share: Floats) -> Floats:
    """The quantile of each row of ``(count, DRAWS)`` at its own ``share (count,)``, by linear interpolation."""
    place = share * (drawn.shape[1] - 1)
    before = np.floor(place).astype(np.intp)
    kept = int(before.max()) + 2
    lowest = np.sort(np.partition(drawn, kept - 1, axis=1)[:, :kept], axis=1)
    low, high = (np.take_along_axis(lowest, at[:, None], axis=1)[:, 0] for at in (before, before + 1))
    return np.asarray(low + (place - before) * (high - low))


def paired_ratio(logs: Table, alpha: float = 0.05) -> Ends:
    """The intervals of ``compare_paired_ratio`` and ``block_comparison`` from log ratios ``(…, n)``."""
    walsh, (rank, weight) = _averages(logs), bounds(logs.shape[-1], 1 - alpha)
    low = (1 - weight) * walsh[..., rank - 1] + weight * walsh[..., rank]
    high = (1 - weight) * walsh[..., -rank] + weight * walsh[..., -rank - 1]
    return Ends(np.exp(low), np.exp(high))


def effects(logs: Table, alpha: float = 0.05) -> Bools:
    """Where ``factor_effects`` finds an effect: log ratios ``(…, levels, blocks)``, findings ``(…, levels)``."""
    return ~paired_ratio(logs, alpha / logs.shape[-2]).hold(1.0)


def equivalences(logs: Table, margin: float, alpha: float = 0.05) -> Bools:
    """Where ``factor_effects`` finds levels equivalent within the ratio ``margin`` (> 1), shaped as ``effects``."""
    return paired_ratio(logs, 2 * alpha / logs.shape[-2]).within(1 / margin, margin)


def rank_sum_p(a: Table, b: Table) -> Floats:
    """The two-sided p-values of ``rank_sum`` for samples ``(…, n)`` and ``(…, m)`` without ties."""
    n, m = a.shape[-1], b.shape[-1]
    larger = (a[..., :, None] > b[..., None, :]).sum(axis=(-2, -1))
    null = null_distribution(n, m)
    less, greater = np.cumsum(null)[larger], np.cumsum(null[::-1])[::-1][larger]
    return np.asarray(np.minimum(1.0, 2 * np.minimum(less, greater)))


def told_from_best(samples: Table, seed: int, alpha: float = 0.05) -> Bools:
    """Which cells ``rank`` tells from the best one, the lowest: positive ``(count, cells, n)`` to ``(count, cells)``.

    The shuffles are those of ``seed`` for every sample of the table.
    """
    logs = np.log(samples)
    count, cells, n = logs.shape
    means = logs.mean(axis=-1)
    shuffles = np.tile(np.arange(cells * n), (ranking.PERMUTATIONS, 1))
    shuffles = np.random.default_rng(seed).permuted(shuffles, axis=1)
    deviations = (logs - means[..., None]).reshape(count, cells * n)
    largest = np.array([_furthest(one[shuffles].reshape(-1, cells, n)) for one in deviations])
    best = np.argmin(means, axis=-1)[:, None]
    errors = logs.var(axis=-1, ddof=1) / n
    apart = means - np.take_along_axis(means, best, axis=1)
    seen = apart / np.sqrt(errors + np.take_along_axis(errors, best, axis=1))
    p = (1 + (largest[:, :, None] >= seen[:, None, :]).sum(axis=1)) / (1 + ranking.PERMUTATIONS)
    return np.asarray(p <= alpha)


def _furthest(shuffled: Table) -> Floats:
    """The largest of Welch's t between any two cells of ``(shuffles, cells, n)``, without its sign."""
    means = shuffled.mean(axis=-1).T
    errors = ((shuffled - means.T[..., None]) ** 2).sum(axis=-1).T / (shuffled.shape[-1] - 1) / shuffled.shape[-1]
    i, j = np.triu_indices(len(means), 1)
    return np.asarray(np.sqrt(((means[i] - means[j]) ** 2 / (errors[i] + errors[j])).max(axis=0)))


@dataclass(frozen=True, slots=True)
class Families:
    """What ``family_effects`` says of many families of contrasts; every array ``(count, contrasts)``."""

    ratio: Ends
    p_effect: Floats
    p_equivalent: Floats
    detectable: Floats


def families(logs: Table, margin: float, alpha: float = 0.05) -> Families:
    """Log ratios ``(count, contrasts, blocks)``, one margin (a ratio > 1) for all contrasts."""
    contrasts, n = logs.shape[-2:]
    raw = _two_sided_p(logs)
    p_effect = _holm(raw)
    p_equivalent = _holm(np.maximum(_above_p(logs + math.log(margin)), _above_p(math.log(margin) - logs)))
    place = np.argsort(np.argsort(raw, axis=-1, kind="stable"), axis=-1, kind="stable")
    left = contrasts - np.minimum(place, (p_effect <= alpha).sum(axis=-1, keepdims=True))
    rank = np.array([exact_bounds(n, alpha / max(1, k)) for k in range(contrasts + 1)])[left][..., None]
    walsh = _averages(logs)
    low, high = (np.take_along_axis(walsh, at, axis=-1)[..., 0] for at in (rank, walsh.shape[-1] - 1 - rank))
    sd = logs.std(axis=-1, ddof=1) * upper_sd(1.0, n)
    return Families(
        Ends(np.exp(low), np.exp(high)), p_effect, p_equivalent, np.exp(sd * shift_found(n, alpha / contrasts))
    )


def _averages(logs: Table) -> Floats:
    """The averages of all pairs of a sample, ascending."""
    i, j = np.triu_indices(logs.shape[-1])
    return np.sort((logs[..., i] + logs[..., j]) / 2, axis=-1)


def _positive_ranks(values: Table) -> np.typing.NDArray[np.intp]:
    """The sum of the ranks of positive values."""
    ranks = np.argsort(np.argsort(np.abs(values), axis=-1), axis=-1) + 1
    return np.asarray((ranks * (values > 0)).sum(axis=-1))


def _two_sided_p(logs: Table) -> Floats:
    n, positive = logs.shape[-1], _positive_ranks(logs)
    below = np.cumsum(signed_rank_distribution(n))
    return np.asarray(np.minimum(1.0, 2 * below[np.minimum(positive, n * (n + 1) // 2 - positive)]))


def _above_p(values: Table) -> Floats:
    """One-sided: whether values lie above zero."""
    n = values.shape[-1]
    below = np.cumsum(signed_rank_distribution(n))
    return np.asarray(np.minimum(1.0, below[n * (n + 1) // 2 - _positive_ranks(values)]))


def _holm(p: Floats) -> Floats:
    order = np.argsort(p, axis=-1, kind="stable")
    stepped = np.maximum.accumulate(np.take_along_axis(p, order, axis=-1) * np.arange(p.shape[-1], 0, -1), axis=-1)
    adjusted = np.empty_like(p)
    np.put_along_axis(adjusted, order, np.minimum(stepped, 1.0), axis=-1)
    return adjusted
