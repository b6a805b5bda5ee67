"""Percentiles against hand-computed cases."""

from __future__ import annotations

import numpy as np
import pytest

from harness.errors import UsageError
from harness.outcomes import Missing, NoValue
from harness.stats.intervals.percentiles import minimum_n, percentile


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
