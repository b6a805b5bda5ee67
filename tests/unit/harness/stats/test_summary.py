"""Descriptions, percentiles and effect sizes against hand-computed cases."""

from __future__ import annotations

import numpy as np
import pytest

from harness.errors import UsageError
from harness.outcomes import Missing, NoValue
from harness.stats.comparison.effect import cliffs_delta, hedges_g
from harness.stats.intervals.percentiles import minimum_n, percentile
from harness.stats.summary import Summary, summarise


def test_summary() -> None:
    found = summarise(np.array([2.0, 4, 6, 12]))
    assert found == Summary(4, 6.0, 5.0, pytest.approx((56 / 3) ** 0.5), pytest.approx((56 / 3) ** 0.5 / 6), 2.0, 12.0)


def test_one_run_has_no_spread() -> None:
    assert summarise(np.array([5.0])) == Summary(1, 5.0, 5.0, None, None, 5.0, 5.0)


def test_a_zero_mean_has_no_relative_spread() -> None:
    found = summarise(np.array([-1.0, 1.0]))
    assert found.sd == pytest.approx(2**0.5)
    assert found.cv is None


def test_no_run_has_no_summary() -> None:
    with pytest.raises(NoValue):
        summarise(np.array([]))


@pytest.mark.parametrize(("quantile", "n"), [(0.99, 299), (0.95, 59), (0.9, 29), (0.5, 5), (0.05, 59), (0.01, 299)])
def test_the_number_that_a_percentile_needs(quantile: float, n: int) -> None:
    assert minimum_n(quantile) == n
    extreme = max(quantile, 1 - quantile)
    assert 1 - extreme**n >= 0.95 > 1 - extreme ** (n - 1)


def test_percentiles_refuse_below_their_n() -> None:
    values = np.arange(299.0)
    found = percentile(values, 0.99)
    assert found.value == pytest.approx(np.quantile(values, 0.99))
    assert found.upper == 298.0
    with pytest.raises(NoValue) as none:
        percentile(values[1:], 0.99)
    assert none.value.reason is Missing.TOO_FEW_SAMPLES


def test_the_bound_of_a_percentile_holds_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    held = np.mean([percentile(rng.exponential(size=100), 0.95).upper >= -np.log(0.05) for _ in range(2000)])
    assert held >= 0.95 - 2 * (0.95 * 0.05 / 2000) ** 0.5


def test_a_quantile_lies_between_zero_and_one() -> None:
    with pytest.raises(UsageError):
        minimum_n(1.0)


def test_cliffs_delta_counts_pairs() -> None:
    assert cliffs_delta(np.array([1.0, 2, 3]), np.array([2.0, 2])) == pytest.approx((2 - 2) / 6)
    assert cliffs_delta(np.array([5.0, 6]), np.array([1.0, 2])) == 1.0
    assert cliffs_delta(np.array([1.0]), np.array([1.0, 2.0])) == -0.5


def test_hedges_g_corrects_for_small_samples() -> None:
    # means 3 and 1, pooled sd 1, correction 1 − 3 / (4·6 − 9) = 0.8
    assert hedges_g(np.array([2.0, 3, 4]), np.array([0.0, 1, 2])) == pytest.approx(1.6)
    assert hedges_g(np.array([1.0]), np.array([1.0, 2])) is None
    assert hedges_g(np.array([1.0, 1]), np.array([2.0, 2])) is None
