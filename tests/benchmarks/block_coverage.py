"""Rows about blocks: their runs are alike, sessions change slowly, arms are throttled, contrasts form families."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from harness.stats.comparison.factor_effect import factor_effects
from harness.stats.comparison.family import FamilyEffect, family_effects
from harness.stats.comparison.rank_power import shift_found
from harness.stats.intervals.interval import Interval, estimate
from harness.stats.significance.gate import no_interval
from harness.units import MS
from hooks.values.evidence import Sample, Strength
from hooks.values.value import Value
from tests.benchmarks.coverage_rows import (
    CALIBRATED,
    FALSE_ALARM,
    FOUR_OF_FIVE,
    SAFE,
    SHOWN,
    SILENT,
    Row,
    alarms,
    coverage,
    hash_of,
)

Floats = np.typing.NDArray[np.float64]
Noise = Callable[[np.random.Generator, tuple[int, ...]], Floats]
SD, STRATA, MARGIN = 0.03, 8, 1.05
CORRELATIONS = (0.0, 0.14, 0.3, 0.5)
FAMILIES = ((1, 6), (4, 8), (5, 8), (5, 10))


def blocks(sims: int) -> Iterator[Row]:
    yield from _alike(sims)
    yield from _contrasts(sims)
    yield from _levels(sims)
    yield from _slow(sims)
    yield from _shared(sims)
    for contrasts, count in FAMILIES:
        yield from _family(sims, contrasts, count)


def _logs(rng: np.random.Generator, shape: tuple[int, ...], correlation: float) -> Floats:
    """Noise ``(…, blocks, runs)`` of which ``correlation`` is shared by the runs of a block."""
    shared = rng.standard_normal((*shape[:-1], 1))
    return np.asarray(SD * (correlation**0.5 * shared + (1 - correlation) ** 0.5 * rng.standard_normal(shape)))


def _alike(sims: int) -> Iterator[Row]:
    for correlation in CORRELATIONS:
        for n in (6, 10):

            def made(rng: np.random.Generator, r: float = correlation, n: int = n) -> Interval | None:
                return estimate(np.median(np.exp(_logs(rng, (n, STRATA), r)), axis=1)).interval

            shape = f"correlation {correlation} within blocks of 8 runs"
            yield coverage("median over blocks", shape, n, 1.0, CALIBRATED, sims, made)


def _throttled(share: float) -> Noise:
    """One arm is 35 % slower in a share of its runs."""
    return lambda rng, size: SD * rng.standard_normal(size) + 0.3 * (rng.random(size) < share)


def _middle(noise: Noise, cells: int) -> float:
    """The pseudo-median of one block's mean over ``cells``."""
    pairs = noise(np.random.default_rng(0), (200_000, 2, cells)).mean(axis=(1, 2))
    return float(np.exp(np.median(pairs)))


def _contrasts(sims: int) -> Iterator[Row]:
    shapes: list[tuple[str, Noise, int]] = [
        *((f"correlation {r} within blocks", lambda rng, s, r=r: _logs(rng, s, r), STRATA) for r in CORRELATIONS),
        ("spreads 1 : 3", lambda rng, s: SD * (rng.standard_normal(s) + 3 * rng.standard_normal(s)), STRATA),
        ("one arm throttled in 20 % of runs", _throttled(0.2), STRATA),
        ("one arm throttled in 40 % of runs", _throttled(0.4), STRATA),
        ("one cell, one arm throttled in 20 % of runs", _throttled(0.2), 1),
    ]
    for shape, noise, cells in shapes:
        truth = _middle(noise, cells) if "throttled" in shape else 1.0
        for n in (6, 8):

            def made(rng: np.random.Generator, noise: Noise = noise, c: int = cells, n: int = n) -> Interval | None:
                (found,) = _effects(noise(rng, (1, n, c)))
                return found.comparison.estimate.interval

            yield coverage("contrast over blocks", shape, f"{n} blocks", truth, CALIBRATED, sims, made)


def _effects(logs: Floats, margin: float = 1e-9):  # type: ignore[no-untyped-def]
    """``logs (levels, blocks, cells)`` against a reference without noise of its own."""
    levels, count, cells = logs.shape
    values = np.concatenate((np.ones(count * cells), np.exp(logs).ravel()))
    pairs, home = [*range(count * cells)] * (levels + 1), np.repeat(np.arange(count), cells).tolist() * (levels + 1)
    named = np.repeat(np.arange(levels + 1), count * cells).tolist()
    return factor_effects(values, named, pairs, home, margin=margin)


def _levels(sims: int) -> Iterator[Row]:
    """Four and six levels against a reference that they share."""
    for levels, count in ((4, 8), (6, 8)):

        def logs(rng: np.random.Generator, k: int = levels, n: int = count) -> Floats:
            return _logs(rng, (k, n, 4), 0.3) - _logs(rng, (1, n, 4), 0.3)

        def effect(rng: np.random.Generator, logs: Callable[..., Floats] = logs) -> bool:
            return any(one.verdict == "effect" for one in _effects(logs(rng)))

        def equal(rng: np.random.Generator, logs: Callable[..., Floats] = logs) -> bool:
            found = _effects(logs(rng) + math.log(MARGIN), MARGIN - 1)
            return any(one.verdict == "equivalent" for one in found)

        yield alarms(f"{levels} levels against one, any effect", "normal", f"{count} blocks", sims // 4, effect)
        yield alarms(f"{levels} levels at the margin, any equivalent", "normal", f"{count} blocks", sims // 4, equal)


def _slow(sims: int) -> Iterator[Row]:
    """Nine cells in seven blocks of one session whose speed wanders: the value of a cell, and a contrast of two."""
    for share, runs in ((0.2, 5), (0.5, 5), (0.2, 60), (0.5, 60), (0.5, 200)):
        rng = np.random.default_rng(hash_of("slow", str(share), str(runs)))
        absolute: list[bool | None] = []
        paired: list[bool] = []
        for _ in range(sims // 4):
            values, cells = _session(rng, share, runs)
            withheld = no_interval(values, np.arange(len(values)), cells)
            found = None if withheld else estimate(values[cells == 0]).interval
            absolute.append(None if found is None else found.low <= 1 <= found.high)
            ratio = _effects(np.log(values[cells == 1] / values[cells == 0])[None, :, None])[0].comparison.estimate
            paired.append(ratio.interval is not None and ratio.interval.low <= 1 <= ratio.interval.high)
        shape = f"a component over {runs} runs, {share:.0%} of the variance"
        printed = [held for held in absolute if held is not None]
        shares = sum(printed) / len(printed) if printed else None
        yield Row("median of one session, long-run value", shape, "7 blocks", shares, len(printed) / len(absolute),
                  len(absolute), SHOWN)  # fmt: skip
        yield Row("contrast in one session", shape, "7 blocks", sum(paired) / len(paired), 1.0, len(paired), CALIBRATED)


def _session(rng: np.random.Generator, share: float, runs: int) -> tuple[Floats, np.typing.NDArray[np.int64]]:
    cells = np.concatenate([rng.permutation(9) for _ in range(7)])
    keep, noise = math.exp(-1 / runs), rng.standard_normal(len(cells))
    for k in range(1, len(cells)):
        noise[k] = keep * noise[k - 1] + math.sqrt(1 - keep**2) * noise[k]
    logs = share**0.5 * noise + (1 - share) ** 0.5 * rng.standard_normal(len(cells))
    return np.exp(SD * logs), cells


def _shared(sims: int) -> Iterator[Row]:
    """Formulas of two values whose runs lie in the same blocks."""
    formulas: tuple[tuple[str, Callable[[Value, Value], Value], str], ...] = (
        ("a / b of medians", lambda a, b: a / b, SAFE),
        ("a + b of medians", lambda a, b: a + b, SILENT),
        ("a × b of medians", lambda a, b: a * b, SILENT),
    )
    for name, formula, promise in formulas:
        for correlation in (0.3, 0.6):

            def made(
                rng: np.random.Generator, f: Callable[[Value, Value], Value] = formula, r: float = correlation
            ) -> Interval | None:
                shared = rng.standard_normal(7)
                logs = SD * (r**0.5 * shared + (1 - r) ** 0.5 * rng.standard_normal((2, 7)))
                found = f(*(_value(name, numbers) for name, numbers in zip("ab", np.exp(logs), strict=True))).interval
                return Interval(found.low, found.high, found.level, found.method) if found else None

            shape = f"operands share {correlation:.0%} of their variance by block"
            yield coverage(name, shape, "7 + 7", 1.0, promise, sims // 4, made)


def _value(cell: str, numbers: Floats) -> Value:
    runs, places = tuple(f"{cell}-{k}" for k in range(len(numbers))), tuple(map(str, range(len(numbers))))
    sample = Sample((cell,) * len(numbers), runs, tuple(map(float, numbers)), "median", places)
    return Value(float(np.median(numbers)), MS, Strength.MEASURED, n=len(numbers), name=cell, sample=sample)


def _family(sims: int, contrasts: int, count: int) -> Iterator[Row]:
    """A sealed family whose contrasts have one reference, so that half of their variance is shared.

    Where a fifth of all sessions is throttled, one in six recordings of eight sessions shows none of them: no test can
    then tell that the ratio lies at the margin, so that row is shown and not promised.
    """
    n, family = f"{count} sessions", f"family of {contrasts}"
    shapes: tuple[tuple[str, Noise], ...] = (
        ("normal", lambda rng, s: SD * (rng.standard_normal((1, s[1])) + rng.standard_normal(s)) / math.sqrt(2)),
        ("one arm throttled in 20 % of sessions", _throttled(0.2)),
    )
    for shape, noise in shapes:
        rng = np.random.default_rng(hash_of(family, shape, n))
        truth = _middle(noise, 1) if "throttled" in shape else 1.0
        found = [_decided(noise(rng, (contrasts, count)), truth) for _ in range(sims // 4)]
        every = [one for decided, _ in found for one in decided]
        intervals = [one.ratio.interval for one in every if one.ratio and one.ratio.interval]
        held = float(np.mean([interval.low <= truth <= interval.high for interval in intervals]))
        yield Row("ratio of a primary", f"{shape}, {family}", n, held, 1.0, len(found), SAFE)
        false = float(np.mean([any(one.p_effect is not None and one.p_effect <= 0.05 for one in d) for d, _ in found]))
        if shape == "normal":
            yield Row("any effect in a family", f"{shape}, {family}", n, false, 1.0, len(found), FALSE_ALARM)
            least = math.exp(SD * shift_found(count, 0.05 / contrasts))
            true = float(np.mean([one.detectable is not None and one.detectable >= least for one in every]))
            yield Row("what would be found", f"{shape}, {family}", n, true, 1.0, len(found), FOUR_OF_FIVE)
        wrong = float(np.mean([any(one.finding == "equivalent" for one in moved) for _, moved in found]))
        promise = FALSE_ALARM if shape == "normal" else SHOWN
        yield Row("any equivalence at the margin", f"{shape}, {family}", n, wrong, 1.0, len(found), promise)


def _decided(logs: Floats, truth: float) -> tuple[tuple[FamilyEffect, ...], tuple[FamilyEffect, ...]]:
    """The family as it is, and moved so that every ratio lies exactly at the margin."""
    margins, moved = [MARGIN] * len(logs), logs - math.log(truth) + math.log(MARGIN)
    return family_effects(list(logs), margins), family_effects(list(moved), margins)
