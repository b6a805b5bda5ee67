"""Intervals of one sample against hand-computed cases and the documented minimum numbers of runs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from harness.outcomes import Missing, NoValue
from harness.stats.intervals.interval import MINIMUM_RUNS, Interval, estimate, interval, mean_interval, median_interval


def test_the_documented_minimum_numbers_of_runs() -> None:
    assert MINIMUM_RUNS == {"median": 6, "mean": 100}


@pytest.mark.parametrize("statistic", ["median", "mean"])
def test_no_interval_below_the_minimum_and_one_from_it(statistic: str) -> None:
    n = MINIMUM_RUNS[statistic]  # type: ignore[index]
    values = np.arange(n, dtype=float)
    assert interval(values, statistic).level == 0.95  # type: ignore[arg-type]
    with pytest.raises(NoValue) as none:
        interval(values[:-1], statistic)  # type: ignore[arg-type]
    assert none.value.reason is Missing.TOO_FEW_RUNS


def test_six_runs_span_almost_their_whole_range() -> None:
    # The range covers 1 − 2/2⁶ = 96.875 %, the next pair 78.125 %: a tenth of the coverage too much, of which
    # 5·0.1 / (1 + 4·0.1) = 0.357 of the way inward gives 95 %.
    found = median_interval(np.array([1.0, 2, 3, 4, 5, 6]))
    assert found.low == pytest.approx(1 + 5 * 0.1 / 1.4)
    assert found.high == pytest.approx(6 - 5 * 0.1 / 1.4)


def test_five_runs_cannot_reach_the_level() -> None:
    with pytest.raises(NoValue):
        median_interval(np.arange(5.0))
    assert median_interval(np.arange(5.0), level=0.9).method == "order statistics"


def test_many_runs_agree_with_the_normal_approximation_of_ranks() -> None:
    found = median_interval(np.arange(1.0, 10_001))
    assert found.low == pytest.approx(5000.5 - 98, abs=1)
    assert found.high == pytest.approx(5000.5 + 98, abs=1)


def test_the_mean_agrees_with_scipy() -> None:
    values = np.random.default_rng(0).normal(10, 2, 120)
    low, high = stats.t.interval(0.95, 119, values.mean(), stats.sem(values))
    assert mean_interval(values) == Interval(pytest.approx(low), pytest.approx(high), 0.95, "Student t")


def test_one_value_has_no_mean_interval() -> None:
    with pytest.raises(NoValue):
        mean_interval(np.array([1.0]))


def test_an_estimate_keeps_its_number_when_it_has_no_interval() -> None:
    found = estimate(np.array([3.0, 1, 2]))
    assert (found.value, found.interval, found.missing, found.n) == (2.0, None, Missing.TOO_FEW_RUNS, 3)
    assert estimate(np.array([1.0, 2, 6]), "mean").value == 3.0


def test_an_interval_can_be_withheld() -> None:
    found = estimate(np.arange(7.0))
    assert found.interval is not None
    kept = found.withheld(Missing.NOT_INDEPENDENT)
    assert (kept.value, kept.interval, kept.missing) == (3.0, None, Missing.NOT_INDEPENDENT)


def test_nothing_has_no_estimate() -> None:
    with pytest.raises(NoValue):
        estimate(np.array([]))


@pytest.mark.parametrize("bad", [[1.0, np.nan], [np.inf], [[1.0, 2.0]]])
def test_a_sample_is_finite_and_flat(bad: object) -> None:
    with pytest.raises(ValueError, match="sample"):
        estimate(np.array(bad))


def test_rounding_takes_no_bound_beyond_the_values() -> None:
    values = np.array([0.0] * 5 + [903726.1321764778] * 2)
    found = interval(values)
    assert values.min() <= found.low
    assert found.high <= values.max()
