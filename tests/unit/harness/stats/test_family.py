"""Contrasts of one family over blocks: what is printed holds, and a finding never contradicts its interval."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import wilcoxon

from harness.outcomes import Missing
from harness.stats.arrays import Floats
from harness.stats.comparison.family import FamilyEffect, family_effects
from harness.stats.comparison.rank_power import margin_shown, shift_found
from harness.stats.comparison.sessions import sessions_needed
from harness.stats.significance.signed_rank import one_sided_p

DRAWS = 300
SD = 0.03


def draw(seed: int, contrasts: int, blocks: int) -> Floats:
    """One log ratio per block; the contrasts of a block share half of their variance, as arms with one reference do."""
    rng = np.random.default_rng(seed)
    shared = rng.standard_normal((DRAWS, 1, blocks))
    return SD * (shared + rng.standard_normal((DRAWS, contrasts, blocks))) / math.sqrt(2)


def interval_of(found: FamilyEffect) -> tuple[float, float]:
    assert found.ratio is not None
    assert found.ratio.interval is not None
    return found.ratio.interval.low, found.ratio.interval.high


@pytest.mark.parametrize(("contrasts", "blocks"), [(1, 6), (5, 8), (4, 12)])
def test_without_any_effect_a_family_finds_one_in_at_most_five_percent(contrasts: int, blocks: int) -> None:
    found = [family_effects(list(logs), [1.0001] * contrasts) for logs in draw(1, contrasts, blocks)]
    assert np.mean([any(one.finding == "effect" for one in family) for family in found]) <= 0.05 + 0.025


@pytest.mark.parametrize(("contrasts", "blocks"), [(1, 6), (5, 8), (4, 12)])
def test_at_the_margin_a_family_is_called_equivalent_in_at_most_five_percent(contrasts: int, blocks: int) -> None:
    logs = draw(2, contrasts, blocks) + math.log(1.05)
    found = [family_effects(list(one), [1.05] * contrasts) for one in logs]
    assert np.mean([any(one.finding == "equivalent" for one in family) for family in found]) <= 0.05 + 0.025


@pytest.mark.parametrize(("contrasts", "blocks"), [(1, 6), (5, 8)])
def test_an_interval_holds_the_truth_in_at_least_95_percent(contrasts: int, blocks: int) -> None:
    held = [
        low <= 1.2 <= high
        for logs in draw(3, contrasts, blocks) + math.log(1.2)
        for low, high in map(interval_of, family_effects(list(logs), [1.05] * contrasts))
    ]
    assert np.mean(held) >= 0.95 - 0.025


def test_corrected_p_values_that_tie_do_not_swap_the_levels() -> None:
    weak = np.log([0.898, 0.899, 0.914, 0.958, 0.971, 0.974, 0.990, 1.0026])
    strong = [np.log(np.linspace(low, low * 1.1, 8)) for low in (0.03, 0.05, 0.09)]
    first = family_effects([weak, *strong], [1.05] * 4)
    last = family_effects([*strong, weak], [1.05] * 4)
    assert [one.p_effect for one in first] == [4 * 2 / 2**8] * 4
    assert {one.finding for one in first} == {"effect"}
    assert interval_of(first[0]) == interval_of(last[-1])


@pytest.mark.parametrize("seed", range(40))
def test_an_effect_is_found_exactly_where_its_corrected_p_says_so(seed: int) -> None:
    rng = np.random.default_rng(seed)
    logs = [SD * (rng.standard_normal(8) + shift) for shift in rng.uniform(0, 3, 5)]
    for one in family_effects(logs, [1.0001] * 5):
        assert one.p_effect is not None
        assert (one.finding == "effect") == (one.p_effect <= 0.05)


def test_one_arm_throttled_in_some_blocks_is_covered_too() -> None:
    """Student's interval of such a mean covers 79 to 85 % (see the coverage page)."""
    rng = np.random.default_rng(4)
    logs = SD * rng.standard_normal((1000, 8)) + 0.3 * (rng.random((1000, 8)) < 0.2)
    many = SD * rng.standard_normal((400_000, 2)) + 0.3 * (rng.random((400_000, 2)) < 0.2)
    truth = float(np.exp(np.median(many.mean(axis=1))))
    held = [low <= truth <= high for one in logs for low, high in [interval_of(*family_effects([one], [1.05]))]]
    assert np.mean(held) >= 0.94


def test_four_of_five_statements_about_what_would_be_found_are_true() -> None:
    logs = draw(5, 4, 8)
    least = math.exp(SD * shift_found(8, 0.05 / 4))
    said = [one.detectable for family in logs for one in family_effects(list(family), [1.05] * 4)]
    assert 0.77 < np.mean([ratio is not None and ratio >= least for ratio in said]) < 0.83


NUMBERS = st.floats(-1, 1, allow_nan=False).filter(lambda x: abs(x) > 1e-6)


@given(st.lists(st.lists(NUMBERS, min_size=8, max_size=8, unique_by=abs), min_size=1, max_size=5))
def test_an_effect_is_found_exactly_where_the_interval_leaves_one_out(family: list[list[float]]) -> None:
    for found in family_effects([np.array(logs) for logs in family], [1.0001] * len(family)):
        low, high = interval_of(found)
        assert found.ratio is not None
        assert low <= found.ratio.value <= high
        assert (found.p_effect is not None and found.p_effect <= 0.05) == (not low <= 1 <= high)


@given(st.lists(NUMBERS, min_size=1, max_size=9, unique_by=abs))
def test_the_one_sided_test_is_scipys(logs: list[float]) -> None:
    assert one_sided_p(np.array(logs)) == pytest.approx(wilcoxon(logs, alternative="greater", method="exact").pvalue)


@pytest.mark.parametrize("contrasts", [1, 2, 4, 5])
def test_with_fewer_blocks_than_the_family_needs_there_is_a_ratio_and_nothing_else(contrasts: int) -> None:
    enough = np.linspace(0.5, 0.6, sessions_needed(contrasts))
    few = enough[:-1]
    found = family_effects([few] * contrasts, [1.05] * contrasts)[0]
    assert found.ratio is not None
    assert (found.ratio.interval, found.ratio.missing) == (None, Missing.TOO_FEW_BLOCKS)
    assert (found.p_effect, found.p_equivalent, found.detectable, found.finding) == (None, None, None, "not settled")
    assert family_effects([enough] * contrasts, [1.05] * contrasts)[0].finding == "effect"


def test_a_contrast_without_blocks_still_counts_in_the_correction() -> None:
    logs = np.linspace(0.1, 0.2, 8)
    alone, beside = family_effects([logs], [1.05])[0], family_effects([logs, np.array([])], [1.05, 1.05])
    assert alone.p_effect == pytest.approx(2 / 2**8)
    assert beside[0].p_effect == pytest.approx(4 / 2**8)
    assert (beside[1].ratio, beside[1].n, beside[1].finding) == (None, 0, "not settled")


def test_more_blocks_show_smaller_margins() -> None:
    shown = [margin_shown(n, 0.01) for n in (8, 12, 30, 60)]
    assert shown == sorted(shown, reverse=True)
    assert math.isinf(margin_shown(4, 0.05))
