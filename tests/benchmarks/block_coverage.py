"""Rows about blocks: their runs are alike, sessions change slowly, arms are throttled, contrasts form families."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import cache, partial

import numpy as np

from harness.stats.arrays import Bools, Floats
from harness.stats.comparison.rank_power import shift_found
from harness.stats.intervals.interval import Interval, estimate
from harness.units import MS
from hooks.values.evidence import Sample, Strength
from hooks.values.value import Value
from tests.benchmarks import many_samples as many
from tests.benchmarks import many_sessions
from tests.benchmarks.coverage_rows import (
    CALIBRATED,
    FALSE_ALARM,
    FOUR_OF_FIVE,
    SAFE,
    SHOWN,
    SHUFFLED,
    SILENT,
    Job,
    Name,
    Row,
    at_once,
    coverage,
    hash_of,
)

Noise = Callable[[np.random.Generator, tuple[int, ...]], Floats]
SD, STRATA, MARGIN = 0.03, 8, 1.05
CORRELATIONS = (0.0, 0.14, 0.3, 0.5)
FAMILIES = ((1, 6), (4, 8), (5, 8), (5, 10))


def blocks(sims: int) -> Iterator[Job]:
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


def _alike(sims: int) -> Iterator[Job]:
    for correlation in CORRELATIONS:
        for n in (6, 10):

            def made(rng: np.random.Generator, r: float = correlation, n: int = n) -> Interval | None:
                return estimate(np.median(np.exp(_logs(rng, (n, STRATA), r)), axis=1)).interval

            shape = f"correlation {correlation} within blocks of 8 runs"
            yield coverage("median over blocks", shape, n, 1.0, CALIBRATED, sims, made)


def _throttled(share: float) -> Noise:
    """One arm is 35 % slower in a share of its runs."""
    return lambda rng, size: SD * rng.standard_normal(size) + 0.3 * (rng.random(size) < share)


@cache
def _middle(share: float, cells: int) -> float:
    """The pseudo-median of one block's mean over ``cells`` where a ``share`` of the runs is throttled."""
    pairs = _throttled(share)(np.random.default_rng(0), (200_000, 2, cells)).mean(axis=(1, 2))
    return float(np.exp(np.median(pairs)))


def _contrasts(sims: int) -> Iterator[Job]:
    shapes: list[tuple[str, Noise, int, Callable[[], float]]] = [
        *((f"correlation {r} within blocks", partial(_logs, correlation=r), STRATA, _nothing) for r in CORRELATIONS),
        ("spreads 1 : 3", _unequal, STRATA, _nothing),
        ("one arm throttled in 20 % of runs", _throttled(0.2), STRATA, partial(_middle, 0.2, STRATA)),
        ("one arm throttled in 40 % of runs", _throttled(0.4), STRATA, partial(_middle, 0.4, STRATA)),
        ("one cell, one arm throttled in 20 % of runs", _throttled(0.2), 1, partial(_middle, 0.2, 1)),
    ]
    for shape, noise, cells, truth in shapes:
        for n in (6, 8):

            def held(
                rng: np.random.Generator,
                count: int,
                noise: Noise = noise,
                size: tuple[int, int] = (n, cells),
                truth: Callable[[], float] = truth,
            ) -> Bools:
                return many.paired_ratio(noise(rng, (count, *size)).mean(axis=-1)).hold(truth())

            yield at_once("contrast over blocks", shape, f"{n} blocks", CALIBRATED, sims, held)


def _nothing() -> float:
    """The ratio of what is alike."""
    return 1.0


def _unequal(rng: np.random.Generator, size: tuple[int, ...]) -> Floats:
    return np.asarray(SD * (rng.standard_normal(size) + 3 * rng.standard_normal(size)))


def _levels(sims: int) -> Iterator[Job]:
    """Four and six levels against a reference that they share."""
    for levels, blocks in ((4, 8), (6, 8)):

        def logs(rng: np.random.Generator, count: int, k: int = levels, n: int = blocks) -> Floats:
            apart = _logs(rng, (count, k, n, 4), 0.3) - _logs(rng, (count, 1, n, 4), 0.3)
            return np.asarray(apart.mean(axis=-1))

        def effect(rng: np.random.Generator, count: int, logs: Callable[..., Floats] = logs) -> Bools:
            return many.effects(logs(rng, count)).any(axis=1)

        def equal(rng: np.random.Generator, count: int, logs: Callable[..., Floats] = logs) -> Bools:
            return many.equivalences(logs(rng, count) + math.log(MARGIN), MARGIN).any(axis=1)

        n = f"{blocks} blocks"
        yield at_once(f"{levels} levels against one, any effect", "normal", n, FALSE_ALARM, sims, effect)
        yield at_once(f"{levels} levels at the margin, any equivalent", "normal", n, FALSE_ALARM, sims, equal)


def _slow(sims: int) -> Iterator[Job]:
    """Nine cells in seven blocks of one session whose speed wanders: the value of a cell, and a contrast of two."""
    for share, runs in ((0.2, 5), (0.5, 5), (0.2, 60), (0.5, 60), (0.5, 200)):
        shape = f"a component over {runs} runs, {share:.0%} of the variance"
        names = [
            (name, shape, "7 blocks") for name in ("median of one session, long-run value", "contrast in one session")
        ]
        yield Job(tuple(names), partial(_wandering, *names, share, runs, sims))


def _wandering(of_value: Name, of_contrast: Name, share: float, runs: int, sims: int) -> list[Row]:
    rng = np.random.default_rng(hash_of("slow", str(share), str(runs)))
    printed: list[bool] = []
    logs: list[Floats] = []
    for first in range(0, sims, SHUFFLED):
        table, cells = _sessions(rng, share, runs, min(SHUFFLED, sims - first))
        printable = many_sessions.printable(table, cells)
        found = [estimate(values[cells == 0]).interval for values in table[printable]]
        printed += [interval.low <= 1 <= interval.high for interval in found if interval]
        logs.append(np.log(table[:, cells == 1] / table[:, cells == 0]))
    held = sum(printed) / len(printed) if printed else None
    paired = float(many.paired_ratio(np.concatenate(logs)).hold(1.0).mean())
    return [
        Row(*of_value, held, len(printed) / sims, sims, SHOWN),
        Row(*of_contrast, paired, 1.0, sims, CALIBRATED),
    ]


def _sessions(
    rng: np.random.Generator, share: float, runs: int, count: int
) -> tuple[Floats, np.typing.NDArray[np.int64]]:
    """``(count, runs of a session)`` and the cells of the runs, whose order is one for the whole table."""
    cells = np.concatenate([rng.permutation(9) for _ in range(7)])
    keep, noise = math.exp(-1 / runs), rng.standard_normal((count, len(cells)))
    for k in range(1, len(cells)):
        noise[:, k] = keep * noise[:, k - 1] + math.sqrt(1 - keep**2) * noise[:, k]
    logs = share**0.5 * noise + (1 - share) ** 0.5 * rng.standard_normal((count, len(cells)))
    return np.exp(SD * logs), cells


def _shared(sims: int) -> Iterator[Job]:
    """Formulas of two values whose runs lie in the same blocks."""
    for correlation in (0.3, 0.6):
        shape = f"operands share {correlation:.0%} of their variance by block"

        def held(rng: np.random.Generator, count: int, r: float = correlation) -> Bools:
            return many.carried(_alike_operands(rng, count, r), np.divide).hold(1.0)

        yield at_once("a / b of medians", shape, "7 + 7", SAFE, sims, held)
    formulas: tuple[tuple[str, Callable[[Value, Value], Value]], ...] = (
        ("a + b of medians", lambda a, b: a + b),
        ("a × b of medians", lambda a, b: a * b),
    )
    for name, formula in formulas:
        for correlation in (0.3, 0.6):

            def made(
                rng: np.random.Generator, f: Callable[[Value, Value], Value] = formula, r: float = correlation
            ) -> Interval | None:
                (a,), (b,) = _alike_operands(rng, 1, r)
                found = f(_value("a", a), _value("b", b)).interval
                return Interval(found.low, found.high, found.level, found.method) if found else None

            shape = f"operands share {correlation:.0%} of their variance by block"
            yield coverage(name, shape, "7 + 7", 1.0, SILENT, sims, made)


def _alike_operands(rng: np.random.Generator, count: int, correlation: float) -> Floats:
    """``(2, count, 7)``: operands of which each block moves both."""
    shared = rng.standard_normal((count, 7))
    own = rng.standard_normal((2, count, 7))
    return np.asarray(np.exp(SD * (correlation**0.5 * shared + (1 - correlation) ** 0.5 * own)))


def _value(cell: str, numbers: Floats) -> Value:
    runs, places = tuple(f"{cell}-{k}" for k in range(len(numbers))), tuple(map(str, range(len(numbers))))
    sample = Sample((cell,) * len(numbers), runs, tuple(map(float, numbers)), "median", places)
    return Value(float(np.median(numbers)), MS, Strength.MEASURED, n=len(numbers), name=cell, sample=sample)


def _family(sims: int, contrasts: int, count: int) -> Iterator[Job]:
    """A sealed family whose contrasts have one reference, so that half of their variance is shared.

    Where a fifth of all sessions is throttled, one in six recordings of eight sessions shows none of them: no test can
    then tell that the ratio lies at the margin, so that row is shown and not promised.
    """
    for share in (None, 0.2):
        shape = "normal" if share is None else f"one arm throttled in {share:.0%} of sessions".replace("%", " %")
        asked = ("ratio of a primary", "any equivalence at the margin")
        asked += ("any effect in a family", "what would be found") if share is None else ()
        names = tuple((name, f"{shape}, family of {contrasts}", f"{count} sessions") for name in asked)
        yield Job(names, partial(_found_in, names, share, contrasts, count, sims))


def _found_in(names: tuple[Name, ...], share: float | None, contrasts: int, count: int, sims: int) -> list[Row]:
    rng, size = np.random.default_rng(hash_of(*names[0])), (sims, contrasts, count)
    truth = _nothing() if share is None else _middle(share, 1)
    logs = _with_one_reference(rng, size) if share is None else _throttled(share)(rng, size)
    found = many.families(logs, MARGIN)
    moved = many.families(logs - math.log(truth) + math.log(MARGIN), MARGIN)
    wrong = float((moved.p_equivalent <= 0.05).any(axis=1).mean())
    rows = [
        Row(*names[0], float(found.ratio.hold(truth).mean()), 1.0, sims, SAFE),
        Row(*names[1], wrong, 1.0, sims, FALSE_ALARM if share is None else SHOWN),
    ]
    if share is None:
        false = float((found.p_effect <= 0.05).any(axis=1).mean())
        true = float((found.detectable >= math.exp(SD * shift_found(count, 0.05 / contrasts))).mean())
        rows += [Row(*names[2], false, 1.0, sims, FALSE_ALARM), Row(*names[3], true, 1.0, sims, FOUR_OF_FIVE)]
    return rows


def _with_one_reference(rng: np.random.Generator, size: tuple[int, int, int]) -> Floats:
    """Half of the variance of the contrasts of a family is that of what they are compared with."""
    reference, own = rng.standard_normal((size[0], 1, size[2])), rng.standard_normal(size)
    return np.asarray(SD * (reference + own) / math.sqrt(2))
