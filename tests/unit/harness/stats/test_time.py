"""Drift, independence, steady state."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from harness.outcomes import Missing, NoValue
from harness.stats.significance.serial import independence
from harness.stats.significance.steady import page_test, steady
from harness.stats.significance.trend import drift
from tests.support.shapes import session

RNG = np.random.default_rng(21)
CELLS = np.concatenate([RNG.permutation(6) for _ in range(8)])
LEVELS = 10.0 ** (CELLS % 3)
NOISE = np.exp(0.01 * RNG.standard_normal(48))
AT = np.arange(48)


def test_a_session_without_drift() -> None:
    found = drift(LEVELS * NOISE, AT, CELLS)
    assert not found.drifts
    assert abs(found.change) < 0.02
    assert found.n == 48


def test_a_session_that_slows_down_by_a_tenth() -> None:
    found = drift(LEVELS * NOISE * (1 + 0.1 * AT / 47), AT, CELLS)
    assert found.drifts
    assert found.change == pytest.approx(0.1, abs=0.02)
    assert found.correlation > 0.7


def test_drift_does_not_depend_on_the_order_of_the_rows() -> None:
    values = LEVELS * NOISE * (1 + 0.1 * AT / 47)
    rows = RNG.permutation(48)
    one, other = drift(values, AT, CELLS), drift(values[rows], AT[rows], CELLS[rows])
    assert other.correlation == pytest.approx(one.correlation)
    assert other.change == pytest.approx(one.change)


def test_cells_of_one_run_say_nothing_about_drift() -> None:
    with pytest.raises(NoValue) as none:
        drift(np.arange(1.0, 9), np.arange(8), np.arange(8))
    assert none.value.reason is Missing.TOO_FEW_RUNS
    with pytest.raises(NoValue) as none:
        drift(np.zeros(8), np.arange(8), np.zeros(8))
    assert none.value.reason is Missing.NOT_APPLICABLE


def test_independent_runs_in_blocks_pass() -> None:
    found = independence(LEVELS * NOISE, AT, CELLS)
    assert found.holds
    assert found.reason is None
    assert 4 <= found.spacing <= 8


def test_runs_in_a_row_cannot_be_shown_to_be_independent() -> None:
    found = independence(RNG.normal(100, 1, 30), np.arange(30), np.zeros(30))
    assert found.spacing == 1
    assert found.reason is Missing.NOT_INDEPENDENT


def test_a_strongly_correlated_session_fails_even_in_blocks() -> None:
    made = session(np.random.default_rng(2), 1, 6, 20, 0.97)
    assert not independence(made.values[0], np.arange(120), made.cells[0]).holds


def test_a_lag_one_correlation_by_hand() -> None:
    # relative to the median 10: −0.1 0 0.1 0; mean 0, so r = (0 + 0 + 0) / 0.02
    assert independence(np.array([9.0, 10, 11, 10]), np.arange(4), np.zeros(4)).lag_one == pytest.approx(0)
    assert independence(np.full(4, 5.0), np.arange(4), np.zeros(4)).lag_one == 0


def test_two_runs_are_too_few_for_independence() -> None:
    with pytest.raises(NoValue):
        independence(np.array([1.0, 2]), np.arange(2), np.zeros(2))


def test_page_agrees_with_scipy() -> None:
    table = RNG.normal(0, 1, (7, 6)) + 0.2 * np.arange(6)
    one_sided = stats.page_trend_test(table, method="asymptotic").pvalue
    assert page_test(table) == pytest.approx(2 * one_sided)
    assert page_test(table[:, ::-1]) == pytest.approx(2 * one_sided)
    assert page_test(np.ones((3, 3))) == 1.0


def test_warm_up_is_found_and_told() -> None:
    table = 100 + RNG.normal(0, 1, (20, 12))
    table[:, :3] += [30, 20, 10]
    found = steady(table)
    assert found.discard == 3
    assert page_test(table) < 0.05 < found.p_value
    assert found.rule.startswith("The first 3 requests of every run set aside")


def test_a_steady_run_keeps_everything() -> None:
    found = steady(100 + np.random.default_rng(0).normal(0, 1, (10, 8)))
    assert found.discard == 0
    assert found.rule.startswith("No request was set aside")


def test_a_run_that_never_settles_is_said_so() -> None:
    found = steady(np.arange(8.0) * 10 + RNG.normal(0, 1, (10, 8)))
    assert found.discard is None
    assert found.rule.startswith("No number of first requests")


@pytest.mark.parametrize(("shape", "reason"), [((2, 9), Missing.TOO_FEW_RUNS), ((9, 2), Missing.TOO_FEW_SAMPLES)])
def test_steady_state_needs_three_by_three(shape: tuple[int, int], reason: Missing) -> None:
    with pytest.raises(NoValue) as none:
        steady(np.ones(shape))
    assert none.value.reason is reason


def test_steady_state_needs_a_full_table() -> None:
    with pytest.raises(ValueError, match="table"):
        steady(np.array([[1.0, np.nan, 2]] * 3))
