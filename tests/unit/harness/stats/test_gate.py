"""No interval over the runs of a session that depend on their neighbours or on time."""

from __future__ import annotations

import numpy as np
import pytest

from harness.outcomes import Missing
from harness.stats.significance.gate import no_interval
from tests.support.shapes import session


@pytest.mark.parametrize(("correlation", "cells", "reason"), [(0.5, 12, None), (0.95, 4, Missing.NOT_INDEPENDENT)])
def test_runs_that_are_alike_for_longer_than_a_block(correlation: float, cells: int, reason: Missing | None) -> None:
    made = session(np.random.default_rng(1), 40, cells, 7, correlation)
    found = [no_interval(v, np.arange(len(v)), c) for v, c in zip(made.values, made.cells, strict=True)]
    assert np.mean([one is reason for one in found]) >= 0.8


def test_a_session_that_slows_down() -> None:
    made = session(np.random.default_rng(2), 20, 9, 7, 0.0)
    places = np.arange(63)
    slower = [no_interval(v * (1 + 0.005 * places), places, c) for v, c in zip(made.values, made.cells, strict=True)]
    steady = [no_interval(v, places, c) for v, c in zip(made.values, made.cells, strict=True)]
    assert np.mean([one is not None for one in slower]) >= 0.9
    assert np.mean([one is None for one in steady]) >= 0.8


def test_too_few_runs_to_tell() -> None:
    assert no_interval(np.array([1.0, 2.0]), [0, 1], ["a", "b"]) is None
    assert no_interval(np.array([]), [], []) is None
