"""What a new host would give: the interval covers as it says, and is wider where hosts lie farther apart."""

from __future__ import annotations

import math

import numpy as np
import pytest

from harness.outcomes import Missing, NoValue
from harness.stats.intervals.prediction import of_a_new_host

TRIALS = 5000


@pytest.mark.parametrize("k", [3, 4, 7])
@pytest.mark.parametrize("error", [0.0, 0.2])
def test_it_covers_what_a_new_host_gives(k: int, error: float) -> None:
    """Normal hosts whose ratios are measured with an error: nineteen of twenty recordings on a new host lie within."""
    rng = np.random.default_rng(1000 * k + round(10 * error))
    true = rng.normal(0.3, 0.2, (TRIALS, k + 1))
    given = np.exp(true + rng.normal(0, error, true.shape))
    covered = 0
    for hosts in given:
        found = of_a_new_host(hosts[:k]).interval
        assert found is not None
        covered += found.low <= hosts[k] <= found.high
    assert covered / TRIALS == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / TRIALS))


def test_it_is_the_formula() -> None:
    found = of_a_new_host(np.array([1.0, 2.0, 4.0]))
    half = 4.302652729911275 * math.log(2) * math.sqrt(4 / 3)
    assert found.value == pytest.approx(2.0)
    assert found.n == 3
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx((2 / math.exp(half), 2 * math.exp(half)))


def test_hosts_that_lie_farther_apart_give_a_wider_one() -> None:
    widths = []
    for apart in (1.01, 1.1, 1.5, 3.0):
        found = of_a_new_host(np.array([2 / apart, 2.0, 2 * apart]))
        assert found.value == pytest.approx(2.0)
        assert found.interval is not None
        widths.append(found.interval.high / found.interval.low)
    assert widths == sorted(set(widths))


def test_more_hosts_that_lie_as_far_apart_give_a_narrower_one() -> None:
    three, six = (of_a_new_host(np.array([1.0, 1.1, 1.2] * times)).interval for times in (1, 2))
    assert three is not None
    assert six is not None
    assert three.low < six.low < six.high < three.high


def test_hosts_that_give_the_same_tell_no_spread() -> None:
    found = of_a_new_host(np.array([0.1, 0.1, 0.1]))
    assert (found.value, found.interval) == (pytest.approx(0.1), None)


@pytest.mark.parametrize(
    ("values", "why"), [([1.0, 2.0], Missing.TOO_FEW_RUNS), ([0.0, 1.0, 2.0], Missing.NOT_APPLICABLE)]
)
def test_two_hosts_or_one_without_a_logarithm_predict_nothing(values: list[float], why: Missing) -> None:
    with pytest.raises(NoValue) as none:
        of_a_new_host(np.array(values))
    assert none.value.reason is why
