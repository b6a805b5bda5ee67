"""Break-even: exact cases, no saving, and how often the interval holds the truth."""

from __future__ import annotations

import math

import numpy as np
import pytest

from harness.outcomes import Missing, NoValue
from harness.stats.comparison.break_even import break_even


def test_a_cost_of_ten_savings_is_paid_after_ten() -> None:
    found = break_even(np.full(7, 20.0), np.full(7, 2.0))
    assert (found.number, found.low, found.high) == (10, 10, 10)
    assert found.interval is not None
    assert found.n == 7


def test_without_a_saving_there_is_no_upper_end_and_still_a_lower_one() -> None:
    found = break_even(np.full(7, 20.0), np.array([2.0, -2.0, 1.0, -1.0, 1.5, -1.5, 0.5]))
    assert found.high == math.inf
    assert found.interval is None
    assert found.low is not None
    assert math.isfinite(found.low)


def test_where_every_use_costs_more_it_is_never_paid() -> None:
    found = break_even(np.full(7, 20.0), np.full(7, -1.0))
    assert found.number == found.low == found.high == math.inf


@pytest.mark.parametrize(("cost", "reason"), [([], Missing.TOO_FEW_RUNS), ([0.0] * 7, Missing.NOT_APPLICABLE)])
def test_what_has_no_break_even(cost: list[float], reason: Missing) -> None:
    with pytest.raises(NoValue) as raised:
        break_even(np.array(cost), np.ones(len(cost)))
    assert raised.value.reason == reason


def test_five_pairs_reach_no_interval() -> None:
    assert break_even(np.full(5, 20.0), np.full(5, 2.0)).low is None


@pytest.mark.parametrize("saving", [1.0, 0.3, 0.0])
def test_the_interval_holds_the_truth_in_95_of_100(saving: float) -> None:
    rng = np.random.default_rng(7)
    truth = 100 / saving if saving else math.inf
    held = 0
    for _ in range(1500):
        found = break_even(rng.normal(100, 10, 8), rng.normal(saving, 0.5, 8))
        assert found.low is not None
        assert found.high is not None
        held += found.low <= truth <= found.high
    assert 0.935 <= held / 1500 <= (0.965 if saving else 0.985)
