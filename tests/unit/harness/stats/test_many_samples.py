"""What the simulation of coverage computes for many samples at once is what the functions of the pages say of each."""

from __future__ import annotations

import numpy as np
import pytest

from harness.stats.arrays import Floats
from harness.stats.comparison.factor_effect import factor_effects
from harness.stats.comparison.family import family_effects
from harness.stats.comparison.null_effect import aa_test
from harness.stats.comparison.paired import compare_paired_ratio
from harness.stats.comparison.ranking import rank
from harness.stats.intervals.interval import Statistic
from harness.stats.intervals.propagate import Formula, propagate
from harness.stats.significance.gate import no_interval
from harness.stats.significance.rank_sum import rank_sum
from harness.stats.significance.serial import independence
from harness.stats.significance.trend import drift
from harness.units import MS
from hooks.values.evidence import Sample, Strength
from hooks.values.value import Value
from tests.benchmarks import many_samples as many
from tests.benchmarks import many_sessions as sessions_of
from tests.support.shapes import SHAPES, Shape

COUNT = 40


def close(found: object) -> object:
    return pytest.approx(found, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
@pytest.mark.parametrize(
    ("sizes", "formula", "statistic"),
    [
        ((6, 12), np.subtract, "median"),
        ((7, 7), lambda a, b: a / b - 1, "median"),
        ((30, 30, 30), lambda a, b, c: a + b - c, "median"),
        ((100, 100), np.divide, "mean"),
    ],
)
def test_what_is_carried_through_a_formula(
    shape: Shape, sizes: tuple[int, ...], formula: Formula, statistic: Statistic
) -> None:
    rng = np.random.default_rng(1)
    samples = [np.maximum(shape.draw(rng, (COUNT, n)), 1.0) for n in sizes]
    found = many.carried(samples, formula, statistic)
    for k in range(COUNT):
        one = propagate([sample[k] for sample in samples], formula, statistic).interval
        assert one
        assert (found.low[k], found.high[k]) == close((one.low, one.high))


def test_a_ratio_of_medians_is_what_a_page_has() -> None:
    a, b = 100 + 10 * np.random.default_rng(2).standard_normal((2, COUNT, 7))
    found = many.carried((a, b), lambda a, b: a / b - 1)
    for k in range(COUNT):
        one = (_value("a", a[k]) / _value("b", b[k]) - 1).interval
        assert one
        assert (found.low[k], found.high[k]) == close((one.low, one.high))


def _value(cell: str, numbers: Floats) -> Value:
    runs = tuple(f"{cell}-{k}" for k in range(len(numbers)))
    sample = Sample(
        (cell,) * len(numbers), runs, tuple(map(float, numbers)), "median", tuple(map(str, range(len(numbers))))
    )
    return Value(float(np.median(numbers)), MS, Strength.MEASURED, n=len(numbers), name=cell, sample=sample)


@pytest.mark.parametrize("n", [6, 8, 30])
def test_ratios_of_pairs(n: int) -> None:
    logs = 0.1 * np.random.default_rng(n).standard_normal((COUNT, n))
    found = many.paired_ratio(logs)
    for k in range(COUNT):
        one = compare_paired_ratio(np.exp(logs[k]), np.ones(n)).estimate.interval
        assert one
        assert (found.low[k], found.high[k]) == close((one.low, one.high))


@pytest.mark.parametrize(("levels", "blocks"), [(1, 6), (3, 7), (6, 8)])
def test_verdicts_on_levels(levels: int, blocks: int) -> None:
    logs = 0.03 * (np.random.default_rng(levels).standard_normal((COUNT, levels, blocks)) + 0.5)
    effects, equal = many.effects(logs), many.equivalences(logs, 1.05)
    assert effects.any()
    assert equal.any()
    for k, table in enumerate(logs):
        values = np.exp(np.concatenate((np.zeros((1, blocks)), table))).ravel()
        named, place = np.repeat(np.arange(levels + 1), blocks).tolist(), [*range(blocks)] * (levels + 1)
        for margin, said in ((1e-9, effects[k]), (0.05, equal[k])):
            verdict = "effect" if margin < 0.01 else "equivalent"
            one = factor_effects(values, named, place, place, margin=margin)
            assert [level.verdict == verdict for level in one] == said.tolist()


@pytest.mark.parametrize(("n", "m"), [(6, 6), (10, 10), (7, 9)])
def test_rank_sums(n: int, m: int) -> None:
    rng = np.random.default_rng(n)
    a, b = rng.standard_normal((COUNT, n)) + 1, rng.standard_normal((COUNT, m))
    found = many.rank_sum_p(a, b)
    assert [rank_sum(a[k], b[k]).p_value for k in range(COUNT)] == close(found.tolist())


@pytest.mark.parametrize(("contrasts", "blocks"), [(1, 6), (4, 8), (5, 10)])
def test_families_of_contrasts(contrasts: int, blocks: int) -> None:
    logs = 0.03 * (np.random.default_rng(blocks).standard_normal((COUNT, contrasts, blocks)) + 0.6)
    found = many.families(logs, 1.05)
    assert (found.p_effect <= 0.05).any()
    assert (found.p_equivalent <= 0.05).any()
    for k, table in enumerate(logs):
        for j, one in enumerate(family_effects(list(table), [1.05] * contrasts)):
            assert one.ratio
            assert one.ratio.interval
            ends = one.ratio.interval.low, one.ratio.interval.high
            assert (found.ratio.low[k, j], found.ratio.high[k, j]) == close(ends)
            assert found.p_effect[k, j] == close(one.p_effect)
            assert found.p_equivalent[k, j] == close(one.p_equivalent)
            assert found.detectable[k, j] == close(one.detectable)


@pytest.mark.parametrize(("cells", "n"), [(8, 6), (3, 10)])
def test_cells_told_from_the_best(cells: int, n: int) -> None:
    rng = np.random.default_rng(n)
    samples = 100 + 5 * rng.standard_normal((COUNT, cells, n)) + 5 * rng.standard_normal((COUNT, cells, 1))
    found = many.told_from_best(samples, seed=7)
    assert found.any()
    for table, told in zip(samples, found, strict=True):
        named = {str(cell): numbers for cell, numbers in enumerate(table)}
        best = rank(named, higher_is_better=False, seed=7).best
        assert {str(cell) for cell in np.flatnonzero(told)} == named.keys() - set(best)


@pytest.mark.parametrize("slope", [0.0, 0.03])
def test_gates_of_sessions(slope: float) -> None:
    rng = np.random.default_rng(11)
    cells, place = np.concatenate([rng.permutation(9) for _ in range(7)]), np.arange(63)
    noise = rng.standard_normal((COUNT, 63)).cumsum(axis=1) * 0.3 + rng.standard_normal((COUNT, 63))
    sessions = (100 + 3 * noise) * (1 + cells) * (1 + slope * place / 63)
    independent, p = sessions_of.independent(sessions, cells), sessions_of.drift_p(sessions, cells, seed=0)
    printable = sessions_of.printable(sessions, cells)
    assert {*independent.tolist()} == {True, False}
    for k, values in enumerate(sessions):
        assert independence(values, place, cells).holds == independent[k]
        assert drift(values, place, cells).p_value == close(p[k])
        assert (no_interval(values, place, cells) is None) == printable[k]


def test_levels_that_are_one_configuration() -> None:
    levels, strata = np.tile(np.arange(4), 10), np.repeat(np.arange(5), 8)
    values = (100 + 10 * np.random.default_rng(12).standard_normal((COUNT, 40)) + 3 * levels) * (1 + strata)
    found = sessions_of.levels_p(values, levels, strata, seed=5)
    assert [aa_test(one, levels, strata, seed=5).p_value for one in values] == close(found.tolist())
