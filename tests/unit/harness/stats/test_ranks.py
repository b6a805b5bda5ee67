"""Ranks are those of scipy, and permutations of the same strata are the same."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import rankdata, theilslopes

from harness.stats.ranks import midranks
from harness.stats.significance.shuffle import within
from harness.stats.significance.trend import drift


@pytest.mark.parametrize("shape", [(0,), (1,), (7,), (200,), (5, 9)])
@pytest.mark.parametrize("levels", [1, 4, 1000])
def test_equal_values_share_the_mean_of_their_ranks(shape: tuple[int, ...], levels: int) -> None:
    values = np.random.default_rng(0).integers(0, levels, shape).astype(np.float64)
    assert midranks(values).tolist() == rankdata(values, axis=-1).tolist()


def test_the_change_over_a_session_is_theil_and_sens_slope() -> None:
    positions = np.arange(20)
    values = np.random.default_rng(0).normal(10, 1, 20)
    slope = theilslopes(values / np.median(values) - 1, positions).slope
    assert drift(values, positions, np.zeros(20)).change == float(slope) * 19


def test_permutations_stay_within_strata_and_cannot_be_written_to() -> None:
    strata = np.array([0, 1, 0, 1, 1])
    rows = within(strata, 50, 0)
    assert (strata[rows] == strata).all()
    assert len({tuple(row) for row in rows.tolist()}) > 1
    assert within(strata, 50, 0).tolist() == rows.tolist()
    with pytest.raises(ValueError, match="read-only"):
        rows[0, 0] = 1
