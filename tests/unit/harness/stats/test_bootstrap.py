"""The bootstrap and the propagation of computed quantities."""

from __future__ import annotations

import numpy as np
import pytest

from harness.outcomes import Missing, NoValue
from harness.stats.intervals.bootstrap import MINIMUM_RUNS, bootstrap, cluster_bootstrap
from harness.stats.intervals.interval import median_interval
from harness.stats.intervals.propagate import propagate

RNG = np.random.default_rng(31)
MANY = RNG.normal(100, 10, 1100)


def ratio_of_means(a: np.ndarray, b: np.ndarray, axis: int) -> np.ndarray:
    return a.mean(axis=axis) / b.mean(axis=axis)


@pytest.mark.parametrize("method", ["percentile", "BCa"])
def test_the_bootstrap_of_a_mean_is_near_its_standard_error(method: str) -> None:
    found = bootstrap([MANY], np.mean, method=method)  # type: ignore[arg-type]
    half = 1.96 * MANY.std(ddof=1) / 1100**0.5
    assert found.low == pytest.approx(MANY.mean() - half, abs=0.15)
    assert found.high == pytest.approx(MANY.mean() + half, abs=0.15)
    assert found.method == f"{method} bootstrap"


def test_a_joint_bootstrap_gives_the_interval_of_a_ratio() -> None:
    other = RNG.normal(100, 10, 500)
    found = bootstrap([2 * MANY, other], ratio_of_means)
    centre = 2 * MANY.mean() / other.mean()
    half = 1.96 * centre * ((MANY.std() / MANY.mean()) ** 2 / 1100 + (other.std() / other.mean()) ** 2 / 500) ** 0.5
    assert found.low == pytest.approx(centre - half, abs=0.004)
    assert found.high == pytest.approx(centre + half, abs=0.004)


def test_the_same_seed_gives_the_same_interval() -> None:
    assert bootstrap([MANY], np.mean, seed=3) == bootstrap([MANY], np.mean, seed=3)
    assert bootstrap([MANY], np.mean, seed=3) != bootstrap([MANY], np.mean, seed=4)


@pytest.mark.parametrize("method", ["percentile", "BCa"])
def test_too_few_runs_have_no_bootstrap(method: str) -> None:
    n = MINIMUM_RUNS[method]  # type: ignore[index]
    assert bootstrap([MANY[:n]], np.mean, method=method, resamples=99).level == 0.95  # type: ignore[arg-type]
    with pytest.raises(NoValue) as none:
        bootstrap([MANY, MANY[: n - 1]], ratio_of_means, method=method)  # type: ignore[arg-type]
    assert none.value.reason is Missing.TOO_FEW_RUNS


def test_runs_without_spread_have_an_interval_without_width() -> None:
    found = bootstrap([np.full(1000, 4.0)], np.mean, method="BCa")
    assert (found.low, found.high) == (4.0, 4.0)


def test_requests_of_one_run_are_not_new_runs() -> None:
    runs = RNG.normal(100, 10, 400)
    alike = np.repeat(runs, 25)
    found = cluster_bootstrap(alike, np.repeat(np.arange(400), 25))
    half = 1.96 * runs.std(ddof=1) / 20
    assert found.high - found.low == pytest.approx(2 * half, rel=0.1)
    with pytest.raises(NoValue):
        cluster_bootstrap(alike, np.repeat(np.arange(200), 50))
    with pytest.raises(NoValue):
        cluster_bootstrap(np.array([]), np.array([]))


def test_a_cluster_bootstrap_of_a_percentile() -> None:
    values = RNG.exponential(10, 400 * 5)
    found = cluster_bootstrap(values, np.repeat(np.arange(400), 5), 0.9, resamples=499)
    assert found.low < np.quantile(values, 0.9) < found.high
    assert found.low < 10 * np.log(10) < found.high


def test_one_sample_propagates_to_its_own_interval() -> None:
    values = RNG.normal(100, 10, 9)
    alone, carried = median_interval(values), propagate([values], lambda x: 2 * x).interval
    assert carried is not None
    assert carried.low == pytest.approx(2 * alone.low, rel=0.002)
    assert carried.high == pytest.approx(2 * alone.high, rel=0.002)


def test_a_formula_of_means() -> None:
    a, b = RNG.normal(100, 10, 200), RNG.normal(50, 5, 200)
    found = propagate([a, b], lambda x, y: x / y - 1, "mean")
    assert found.value == pytest.approx(a.mean() / b.mean() - 1)
    assert found.interval is not None
    assert found.interval.low < 1 < found.interval.high
    assert found.interval.method == "propagated means"


def test_too_few_runs_keep_the_number_and_lose_the_interval() -> None:
    found = propagate([np.arange(1.0, 6), np.arange(1.0, 99)], np.divide)
    assert (found.value, found.interval, found.missing, found.n) == (3 / 49.5, None, Missing.TOO_FEW_RUNS, 5)
    with pytest.raises(NoValue):
        propagate([np.array([])], np.abs)
    with pytest.raises(NoValue):
        propagate([], np.abs)


def test_a_formula_that_is_not_finite_has_no_value() -> None:
    with pytest.raises(NoValue) as none, np.errstate(divide="ignore"):
        propagate([np.arange(1.0, 8), np.zeros(7)], np.divide)
    assert none.value.reason is Missing.NOT_APPLICABLE
