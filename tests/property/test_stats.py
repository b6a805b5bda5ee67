"""Laws that the statistics obey, and quick seeded versions of the coverage simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from harness.stats.comparison.compare import compare
from harness.stats.comparison.ranking import rank
from harness.stats.comparison.shift import difference
from harness.stats.intervals.interval import MINIMUM_RUNS, estimate
from harness.stats.intervals.propagate import propagate
from harness.stats.significance.multiplicity import benjamini_hochberg, holm
from harness.stats.significance.rank_sum import rank_sum
from tests.support.shapes import SHAPES, Shape

numbers = st.floats(-1e6, 1e6, allow_nan=False, width=32)
positives = st.floats(1e-3, 1e6)
p_values = st.lists(st.floats(0, 1), min_size=1, max_size=20).map(np.array)


def samples(of: st.SearchStrategy[float], least: int = 1, most: int = 12) -> st.SearchStrategy[np.ndarray]:
    return st.lists(of, min_size=least, max_size=most).map(np.array)


@given(samples(numbers, 6, 40), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_an_interval_holds_its_median_and_ignores_order(values: np.ndarray, random: object) -> None:
    found = estimate(values)
    assert found.interval is not None
    assert values.min() <= found.interval.low <= found.value <= found.interval.high <= values.max()
    order = list(range(len(values)))
    random.shuffle(order)  # type: ignore[attr-defined]
    assert estimate(values[order]) == found


@given(samples(st.integers(-1000, 1000).map(float), 6, 20), st.sampled_from([2.0, 0.5, 4.0]), st.integers(-64, 64))
@settings(deadline=None)
def test_an_interval_moves_with_its_data(values: np.ndarray, scale: float, shift: int) -> None:
    plain, moved = estimate(values).interval, estimate(scale * values + shift).interval
    assert plain is not None
    assert moved is not None
    assert moved.low == pytest.approx(scale * plain.low + shift)
    assert moved.high == pytest.approx(scale * plain.high + shift)


@given(samples(numbers, 6, 20), st.floats(0.5, 0.9))
@settings(deadline=None)
def test_a_higher_level_is_never_narrower(values: np.ndarray, level: float) -> None:
    narrow, wide = estimate(values, level=level).interval, estimate(values, level=0.95).interval
    assert narrow is not None
    assert wide is not None
    assert wide.low <= narrow.low + 1e-9 * abs(narrow.low)
    assert wide.high >= narrow.high - 1e-9 * abs(narrow.high)


@given(samples(numbers, 2), samples(numbers, 2))
@settings(deadline=None)
def test_swapping_the_sides_mirrors_the_comparison(a: np.ndarray, b: np.ndarray) -> None:
    one, other = compare(a, b), compare(b, a)
    assert one.difference.value == pytest.approx(-other.difference.value)
    assert (one.test is None) == (other.test is None)
    if one.test and other.test:
        assert one.test.p_value == pytest.approx(other.test.p_value)
    if one.difference.interval and one.difference.interval.method == "rank sum" and other.difference.interval:
        assert one.difference.interval.low == pytest.approx(-other.difference.interval.high)


@given(samples(numbers, 4, 10), samples(numbers, 4, 10))
@settings(deadline=None)
def test_a_p_value_is_a_probability_no_smaller_than_possible(a: np.ndarray, b: np.ndarray) -> None:
    found = rank_sum(a, b)
    assert 0 <= found.p_value <= 1
    if "exact" in found.method:
        assert found.p_value >= found.smallest_p * (1 - 1e-9)


@given(samples(numbers, 4, 8))
@settings(deadline=None)
def test_a_sample_does_not_differ_from_itself(values: np.ndarray) -> None:
    found = compare(values, values)
    assert found.test is not None
    assert found.test.p_value > 0.05
    assert found.difference.value == 0


@given(p_values)
@settings(deadline=None)
def test_corrected_p_values_are_larger_and_keep_their_order(p: np.ndarray) -> None:
    strict, loose = holm(p), benjamini_hochberg(p)
    assert (strict >= loose - 1e-12).all()
    assert (loose >= p - 1e-12).all()
    assert (strict <= 1).all()
    order = np.argsort(p, kind="stable")
    assert (np.diff(strict[order]) >= -1e-12).all()
    assert (np.diff(loose[order]) >= -1e-12).all()


@given(st.lists(samples(positives, 5, 6), min_size=2, max_size=4), st.booleans())
@settings(max_examples=40, deadline=None)
def test_a_ranking_names_every_cell_and_the_first_among_the_best(cells: list[np.ndarray], higher: bool) -> None:
    found = rank({str(i): values for i, values in enumerate(cells)}, higher_is_better=higher)
    assert sorted(found.order) == sorted(found.p_values) == [str(i) for i in range(len(cells))]
    assert found.best[0] == found.order[0]


@given(samples(positives, 6, 12), samples(positives, 6, 12))
@settings(max_examples=40, deadline=None)
def test_a_propagated_interval_is_seeded_and_inside_what_the_data_allow(a: np.ndarray, b: np.ndarray) -> None:
    assume(b.min() > 0)
    found = propagate([a, b], np.divide)
    assert found == propagate([a, b], np.divide)
    assert found.interval is not None
    assert a.min() / b.max() <= found.interval.low <= found.interval.high <= a.max() / b.min()


SIMULATIONS = 1000
ERROR = 2.6 * (0.95 * 0.05 / SIMULATIONS) ** 0.5


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
@pytest.mark.parametrize("n", [6, 7, 10, 30])
def test_median_intervals_cover_95_percent(shape: Shape, n: int) -> None:
    rng = np.random.default_rng(n)
    found = [estimate(values).interval for values in shape.draw(rng, (SIMULATIONS, n))]
    held = np.mean([i is not None and i.low <= shape.median <= i.high for i in found])
    assert abs(held - 0.95) <= 0.01 + ERROR


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_mean_intervals_cover_95_percent_from_their_minimum(shape: Shape) -> None:
    rng = np.random.default_rng(1)
    runs = shape.draw(rng, (SIMULATIONS, MINIMUM_RUNS["mean"]))
    found = [estimate(values, "mean").interval for values in runs]
    held = np.mean([i is not None and i.low <= shape.mean <= i.high for i in found])
    assert abs(held - 0.95) <= 0.01 + ERROR


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
@pytest.mark.parametrize("n", [4, 5, 7])
def test_difference_intervals_cover_95_percent(shape: Shape, n: int) -> None:
    rng = np.random.default_rng(n)
    found = [difference(shape.draw(rng, (n,)), shape.draw(rng, (n,))).interval for _ in range(SIMULATIONS)]
    held = np.mean([i is not None and i.low <= 0 <= i.high for i in found])
    assert abs(held - 0.95) <= 0.01 + ERROR


def test_why_means_of_few_runs_have_no_interval() -> None:
    rng = np.random.default_rng(1)
    shape = next(shape for shape in SHAPES if shape.name == "bimodal")
    runs = shape.draw(rng, (SIMULATIONS, 7))
    half = 2.447 * runs.std(axis=1, ddof=1) / 7**0.5
    held = np.mean(np.abs(runs.mean(axis=1) - shape.mean) <= half)
    assert held < 0.94 - ERROR
    assert estimate(runs[0], "mean").interval is None


def test_family_wise_error_on_aa_matrices_is_at_most_5_percent() -> None:
    rng = np.random.default_rng(5)
    named = 0
    for seed in range(400):
        cells = {str(cell): np.exp(0.1 * rng.standard_normal(6)) for cell in range(8)}
        named += len(rank(cells, higher_is_better=True, seed=seed).best) < 8
    assert named / 400 <= 0.05 + 2.6 * (0.05 * 0.95 / 400) ** 0.5
