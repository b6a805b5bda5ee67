"""Laws over sizes: what was put in is found, a wrong law misses what it has not seen, intervals cover."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from harness.outcomes import Missing, NoValue
from harness.stats.scaling_law import MINIMUM_SESSIONS, Points, held_out_error, over_sessions, told, two_costs

SIZE = np.array([0.1, 5.0, 25.0, 45.0, 51.0, 75.0, 96.0, 124.0])
DEPTH = np.array([2.0, 12.0, 3.0, 6.0, 8.0, 5.0, 8.0, 12.0])


def test_a_law_tells_its_own_sizes_and_no_others() -> None:
    by_law = {
        "power": Points(SIZE, DEPTH, 3 * SIZE**0.7),
        "overhead": Points(SIZE, DEPTH, 5 + 0.2 * SIZE),
        "layers": Points(SIZE, DEPTH, 0.8 * DEPTH + 0.2 * SIZE),
    }
    for true, points in by_law.items():
        errors = {law: held_out_error(law, points) for law in by_law}  # type: ignore[arg-type]
        assert errors.pop(true) == pytest.approx(0, abs=1e-9)
        assert min(errors.values()) > 0.05


def test_two_costs_are_those_of_weighted_least_squares() -> None:
    y = (4 + 0.3 * SIZE) * np.exp(0.1 * np.sin(np.arange(8)))
    fit = sm.WLS(y, sm.add_constant(SIZE), weights=1 / y**2).fit()
    assert two_costs(np.ones(8), SIZE, y) == pytest.approx(tuple(fit.params))


def test_a_cost_is_never_negative() -> None:
    first, second = two_costs(np.ones(8), SIZE, SIZE**1.5)
    assert first == 0
    assert second > 0


def test_a_prediction_is_that_of_statsmodels() -> None:
    y = 2 * SIZE**0.8 * np.exp(0.2 * np.cos(np.arange(8)))
    number, interval = told(Points(SIZE, DEPTH, y), 60.0)
    fit = sm.OLS(np.log(y), sm.add_constant(np.log(SIZE))).fit()
    (frame,) = fit.get_prediction([[1.0, np.log(60.0)]]).summary_frame(alpha=0.05).to_dict("records")
    assert np.log([number, interval.low, interval.high]) == pytest.approx(
        [frame["mean"], frame["obs_ci_lower"], frame["obs_ci_upper"]]
    )


def test_predictions_cover_a_new_size() -> None:
    rng = np.random.default_rng(7)
    inside = 0
    for _ in range(2000):
        noise = np.exp(0.2 * rng.standard_normal(9))
        _, interval = told(Points(SIZE, DEPTH, SIZE**0.8 * noise[:8]), 60.0)
        inside += interval.low <= 60.0**0.8 * noise[8] <= interval.high
    assert 0.935 < inside / 2000 < 0.965


def test_too_little_is_missing() -> None:
    with pytest.raises(NoValue) as few:
        held_out_error("power", Points(SIZE[:4], DEPTH[:4], SIZE[:4]))
    assert few.value.reason == Missing.TOO_FEW_SAMPLES
    with pytest.raises(NoValue) as negative:
        Points(SIZE, DEPTH, -SIZE)
    assert negative.value.reason == Missing.NOT_APPLICABLE
    assert over_sessions([0.8] * (MINIMUM_SESSIONS - 1)) == (pytest.approx(0.8), None)


def test_exponents_of_sessions_have_the_interval_of_student() -> None:
    exponents = [0.7, 0.72, 0.69, 0.75, 0.71, 0.73]
    number, interval = over_sessions(exponents)
    expected = sm.stats.DescrStatsW(exponents)
    assert number == pytest.approx(expected.mean)
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx(expected.tconfint_mean())
