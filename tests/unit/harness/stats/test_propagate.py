"""The propagation of computed quantities."""

from __future__ import annotations

import numpy as np
import pytest

from harness.outcomes import Missing, NoValue
from harness.stats.intervals.interval import median_interval
from harness.stats.intervals.propagate import propagate

RNG = np.random.default_rng(31)


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


def test_what_was_propagated_before_changes_nothing() -> None:
    a, b, c = (RNG.normal(100, 10, n) for n in (7, 12, 7))
    first = propagate([a, b], np.subtract)
    propagate([a, b, c], lambda x, y, z: x + y - z, seed=1)
    propagate([np.tile(a, 20)], np.abs, "mean")
    assert propagate([a, b], np.subtract) == first
    assert propagate([a, b], np.subtract, seed=1) != first
