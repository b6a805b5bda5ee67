"""Changes between sessions: the prediction interval of the earlier ones, begun anew after each change."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from harness.outcomes import Missing, NoValue
from harness.stats.significance.change import EARLIER, Change, changes

QUIET = [100.0, 102.0, 98.0, 101.0]


def test_nothing_is_said_before_the_fourth_session() -> None:
    assert changes(np.array([1.0, 100.0, 0.01])) == (Change.TOO_FEW,) * EARLIER
    assert changes(np.array([])) == ()


def test_a_jump_is_marked_in_its_direction_and_begins_anew() -> None:
    found = changes(np.array([*QUIET, 150.0, 151.0, 149.0, 150.0, 90.0]))
    few = Change.TOO_FEW
    assert found == (few, few, few, Change.NONE, Change.HIGHER, few, few, Change.NONE, Change.LOWER)


def test_a_slow_drift_is_not_found() -> None:
    assert set(changes(100 * 1.03 ** np.arange(12.0))) == {Change.TOO_FEW, Change.NONE}


@pytest.mark.parametrize("factor", [0.99, 1.01])
def test_the_bounds_are_those_of_the_prediction_interval(factor: float) -> None:
    logs = np.log(QUIET)
    half = stats.t.ppf(0.975, 3) * logs.std(ddof=1) * np.sqrt(1 + 1 / 4)
    found = changes(np.array([*QUIET, np.exp(logs.mean() + half * factor)]))
    assert found[-1] is (Change.HIGHER if factor > 1 else Change.NONE)


def test_sessions_that_agree_to_the_last_digit_mark_any_other_number_and_no_equal_one() -> None:
    assert changes(np.array([16.0, 16.0, 16.0, 16.0, 17.0]))[3:] == (Change.NONE, Change.HIGHER)


def test_as_many_are_marked_by_chance_as_is_said() -> None:
    rng = np.random.default_rng(5)
    found = [changes(np.exp(0.1 * rng.standard_normal(4)))[-1] for _ in range(4000)]
    marked = np.mean([one in (Change.HIGHER, Change.LOWER) for one in found])
    assert marked == pytest.approx(0.05, abs=3 * (0.05 * 0.95 / 4000) ** 0.5)


def test_a_number_that_has_no_logarithm_is_not_judged() -> None:
    with pytest.raises(NoValue) as error:
        changes(np.array([*QUIET, 0.0]))
    assert error.value.reason is Missing.NOT_APPLICABLE
