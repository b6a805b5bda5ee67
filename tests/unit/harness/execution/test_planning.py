"""What a number of sessions can conclude is said before any is recorded, from the spread that is known."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import wilcoxon

from harness.design import Primary, Study
from harness.execution.planning import prospects
from harness.stats.arrays import Floats
from harness.stats.comparison.sessions import (
    MOST_SESSIONS,
    detectable_ratio,
    equivalence_margin,
    sessions_needed,
    sessions_to_find,
    upper_sd,
)
from tests.support.datasets import make_dataset, synthetic_study


def declared() -> Study:
    primaries = (Primary("threads", "tpot", "threads", 2, 1), Primary("num-gpu", "tpot", "num_gpu", 80, 0))
    return replace(synthetic_study(), primaries=primaries, sessions=6)


def test_the_fewest_sessions_grow_with_the_number_of_contrasts() -> None:
    assert [sessions_needed(count) for count in (1, 2, 4, 8)] == [6, 7, 8, 9]
    for count in range(1, 20):
        n = sessions_needed(count)
        assert 2.0 ** (1 - n) <= 0.05 / count < 2.0 ** (2 - n)


def p_values(values: Floats) -> Floats:
    """Exact two-sided p-values of the signed rank, by scipy."""
    return np.asarray(wilcoxon(values, axis=1).pvalue)


@pytest.mark.parametrize(("n", "alpha"), [(6, 0.05), (8, 0.0125), (12, 0.01)])
def test_four_of_five_studies_find_the_detectable_ratio(n: int, alpha: float) -> None:
    rng, sd = np.random.default_rng(1), 0.05
    found = detectable_ratio(sd, n, alpha)
    assert found is not None
    values = rng.normal(math.log(found), sd, (1500, n))
    assert 0.77 < (p_values(values) <= alpha).mean() < 0.83


def test_the_upper_bound_of_a_spread_holds_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2)
    for n in (2, 5, 8):
        estimates = rng.normal(0.0, 1.0, (20_000, n)).std(axis=1, ddof=1)
        assert 0.79 < np.mean([upper_sd(float(sd), n) >= 1.0 for sd in estimates]) < 0.81


def test_four_of_five_studies_of_equal_levels_show_the_margin() -> None:
    rng, sd, n, alpha = np.random.default_rng(3), 0.05, 8, 0.0125
    margin = equivalence_margin(sd, n, alpha)
    assert margin is not None
    values, inside = rng.normal(0.0, sd, (1500, n)), math.log(margin)
    above = wilcoxon(values + inside, alternative="greater", axis=1).pvalue <= alpha
    below = wilcoxon(values - inside, alternative="less", axis=1).pvalue <= alpha
    assert 0.77 < (above & below).mean() < 0.83


@pytest.mark.parametrize("spread", [0.01, 0.05, 0.2])
def test_the_sessions_to_find_a_ratio_are_the_fewest_that_do(spread: float) -> None:
    found = sessions_to_find(1.1, spread, 0.0125)
    assert found is not None
    enough, fewer = (detectable_ratio(spread, count, 0.0125) for count in (found, found - 1))
    assert enough is not None
    assert enough <= 1.1
    assert fewer is None or fewer > 1.1


def test_no_sensible_number_of_sessions_finds_a_small_ratio_in_a_large_spread() -> None:
    assert sessions_to_find(1.01, 1.0) is None
    least = detectable_ratio(1.0, MOST_SESSIONS)
    assert least is not None
    assert least > 1.01


@pytest.mark.parametrize("contrasts", [1, 4, 100])
def test_fewer_sessions_than_a_test_needs_find_nothing(contrasts: int) -> None:
    fewest, alpha = sessions_needed(contrasts), 0.05 / contrasts
    assert detectable_ratio(0.01, fewest - 1, alpha) is None
    assert detectable_ratio(0.01, fewest, alpha) is not None


def test_nothing_recorded_tells_nothing(tmp_path: Path) -> None:
    found = list(prospects(declared(), tmp_path, 6))
    assert [one.detectable for one in found] == [None, None]
    assert "nothing is recorded" in found[0].reason


def test_blocks_of_one_session_stand_in_and_are_said_to(tmp_path: Path) -> None:
    make_dataset(tmp_path, study=declared(), runs=6, requests=2, tokens=8)
    (threads, gpu) = prospects(declared(), tmp_path, 7)
    assert "6 blocks of tr108/v1, one session" in threads.source
    assert threads.detectable is not None
    assert gpu.detectable is not None
    assert 1.0 < threads.detectable < 1.2
    assert threads.to_find is not None
    least = detectable_ratio(threads.spread or 0.0, threads.to_find, 0.05 / 2)
    assert least is not None
    assert least <= threads.primary.smallest


def test_one_session_is_not_called_sessions(tmp_path: Path) -> None:
    make_dataset(tmp_path, study=declared(), runs=1, requests=2, tokens=8, session={})
    assert {one.source for one in prospects(declared(), tmp_path, 6)} == {"1 session"}


def test_two_sessions_are_preferred_to_blocks(tmp_path: Path) -> None:
    make_dataset(tmp_path, study=declared(), runs=6, requests=2, tokens=8)
    for seed in (1, 2, 3):
        make_dataset(tmp_path, study=declared(), runs=1, requests=2, tokens=8, seed=seed, session={})
    assert {one.source for one in prospects(declared(), tmp_path, 6)} == {"3 sessions"}


@pytest.mark.parametrize("sessions", [7, 9, 20])
def test_more_sessions_find_smaller_effects(tmp_path: Path, sessions: int) -> None:
    make_dataset(tmp_path, study=declared(), runs=6, requests=2, tokens=8)
    fewer, more = (next(prospects(declared(), tmp_path, n)).detectable for n in (sessions, sessions + 1))
    assert fewer is not None
    assert more is not None
    assert more < fewer
