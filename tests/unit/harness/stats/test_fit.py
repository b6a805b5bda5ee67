"""Power laws and rank correlation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from harness.outcomes import Missing, NoValue
from harness.stats.fit import power_law, spearman

SIZES = np.array([0.1, 5, 25, 45, 51, 75, 96, 124])


def test_an_exact_law_is_recovered() -> None:
    found = power_law(SIZES, 3 * SIZES**0.7)
    assert found.exponent == pytest.approx(0.7)
    assert found.coefficient == pytest.approx(3)
    assert found.r_squared == pytest.approx(1)
    assert found.at(10) == pytest.approx(3 * 10**0.7)
    assert found.exponent_interval.high - found.exponent_interval.low < 1e-6


def test_the_fit_agrees_with_scipy() -> None:
    y = SIZES * np.exp(0.2 * np.random.default_rng(0).standard_normal(8))
    line = stats.linregress(np.log(SIZES), np.log(y))
    found = power_law(SIZES, y)
    assert found.exponent == pytest.approx(line.slope)
    assert found.r_squared == pytest.approx(line.rvalue**2)
    half = stats.t.ppf(0.975, 6) * line.stderr
    assert found.exponent_interval.low == pytest.approx(line.slope - half)


def test_the_exponent_is_covered_as_often_as_claimed() -> None:
    rng = np.random.default_rng(1)
    fits = [power_law(SIZES, SIZES * np.exp(0.2 * rng.standard_normal(8))) for _ in range(2000)]
    held = np.mean([fit.exponent_interval.low <= 1 <= fit.exponent_interval.high for fit in fits])
    assert abs(held - 0.95) <= 0.01 + 2 * (0.95 * 0.05 / 2000) ** 0.5


def test_a_constant_follows_the_law_of_exponent_zero() -> None:
    found = power_law(SIZES, np.full(8, 4.0))
    assert (found.exponent, found.r_squared) == (0.0, 1.0)


def test_three_sizes_are_no_law() -> None:
    with pytest.raises(NoValue) as none:
        power_law(np.array([1.0, 2, 3, 3]), np.ones(4))
    assert none.value.reason is Missing.TOO_FEW_SAMPLES
    with pytest.raises(NoValue) as none:
        power_law(np.array([0.0, 1, 2, 3]), np.ones(4))
    assert none.value.reason is Missing.NOT_APPLICABLE


def test_spearman_agrees_with_scipy_and_has_an_interval() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=40)
    y = x + rng.normal(size=40)
    found = spearman(x, y)
    assert found.coefficient == pytest.approx(stats.spearmanr(x, y).statistic)
    assert found.interval.low < found.coefficient < found.interval.high
    assert found.interval.high < 1
    assert spearman(x, x).interval.high == 1
    assert spearman(x, -x).interval.low == -1
    assert 0.9 < spearman(x, x).interval.low < 1


@pytest.mark.parametrize("correlation", [0.0, 0.8, 0.97, 0.99, 0.998])
def test_the_interval_of_spearman_covers(correlation: float) -> None:
    rng = np.random.default_rng(4)
    truth = 6 / np.pi * np.arcsin(correlation / 2)
    held = []
    for _ in range(600):
        x, z = rng.normal(size=(2, 20))
        y = correlation * x + (1 - correlation**2) ** 0.5 * z
        found = spearman(x, y).interval
        held.append(found.low <= truth <= found.high)
    assert np.mean(held) >= 0.94 - 2 * (0.95 * 0.05 / 600) ** 0.5


def test_too_few_points_or_no_variation_have_no_correlation() -> None:
    with pytest.raises(NoValue):
        spearman(np.arange(9.0), np.arange(9.0))
    with pytest.raises(NoValue):
        spearman(np.ones(12), np.arange(12.0))
