"""Ratios of estimates that are known by their intervals alone, and spreads on the scale of logarithms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from harness.stats.comparison.factor_effect import block_comparison
from harness.stats.intervals.independent import ratio_of
from harness.stats.intervals.interval import Interval
from harness.stats.spread import log_spread


def of(low: float, high: float, level: float = 0.95) -> Interval:
    return Interval(low, high, level, "given")


def test_distances_are_squared_and_added_on_the_scale_of_logarithms() -> None:
    found = ratio_of(2.0, of(1.0, 4.0), 1.0, of(0.5, 2.0, 0.99))
    assert found is not None
    away = math.exp(math.sqrt(2) * math.log(2))
    assert (found.low, found.high, found.level) == pytest.approx((2 / away, 2 * away, 0.95))


def test_each_side_keeps_its_own_shape() -> None:
    found = ratio_of(2.0, of(1.0, 2.0), 1.0, of(1.0, 1.0))
    assert found is not None
    assert (found.low, found.high) == pytest.approx((1.0, 2.0))


def test_an_end_that_is_not_positive_has_no_logarithm() -> None:
    assert ratio_of(2.0, of(0.0, 4.0), 1.0, of(0.5, 2.0)) is None


def test_the_interval_covers_the_ratio_of_two_hosts() -> None:
    """Six blocks of one host against seven sessions of another whose spread is twice as large."""
    rng = np.random.default_rng(5)
    covered, trials = 0, 400
    for _ in range(trials):
        a, b = rng.normal(0.3, 0.02, 6), rng.normal(0.1, 0.04, 7)
        (one, other) = (block_comparison(logs, 0.05).estimate for logs in (a, b))
        assert one.interval is not None
        assert other.interval is not None
        found = ratio_of(one.value, one.interval, other.value, other.interval)
        covered += found is not None and found.low <= math.exp(0.2) <= found.high
    assert covered / trials > 0.93


def test_the_spread_of_known_logarithms_lies_in_its_interval() -> None:
    found = log_spread(np.random.default_rng(2).normal(5, 0.1, 2000))
    assert found.interval is not None
    assert found.interval.low < math.exp(0.1) < found.interval.high
    assert found.value == pytest.approx(math.exp(0.1), rel=0.01)
    assert log_spread(np.zeros(3)).interval is None
