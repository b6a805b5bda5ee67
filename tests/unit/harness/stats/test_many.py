"""Multiplicity, ranking, A/A tests and factor effects."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from harness.outcomes import Missing, NoValue
from harness.stats.comparison.factor_effect import factor_effects
from harness.stats.comparison.null_effect import aa_test, one_configuration
from harness.stats.comparison.ranking import rank
from harness.stats.significance.multiplicity import benjamini_hochberg, holm


def test_holm_by_hand() -> None:
    assert holm(np.array([0.01, 0.04, 0.03])).tolist() == pytest.approx([0.03, 0.06, 0.06])
    assert holm(np.array([0.9, 0.8])).tolist() == [1.0, 1.0]
    assert holm(np.array([])).tolist() == []


def test_benjamini_hochberg_by_hand() -> None:
    assert benjamini_hochberg(np.array([0.01, 0.04, 0.03])).tolist() == pytest.approx([0.03, 0.04, 0.04])
    assert benjamini_hochberg(np.array([])).tolist() == []


def test_both_agree_with_statsmodels() -> None:
    p = np.random.default_rng(0).random(40) ** 3
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])
    assert benjamini_hochberg(p) == pytest.approx(multipletests(p, method="fdr_bh")[1])


@pytest.mark.parametrize("bad", [-0.1, 1.1])
def test_p_values_lie_between_zero_and_one(bad: float) -> None:
    with pytest.raises(ValueError, match="p-value"):
        holm(np.array([bad]))


def cells(*centres: float, n: int = 7, seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {f"c{i}": centre * np.exp(0.02 * rng.standard_normal(n)) for i, centre in enumerate(centres)}


def test_cells_that_cannot_be_told_apart_are_named_together() -> None:
    found = rank(cells(100, 130, 100.5, 150), higher_is_better=False)
    assert set(found.best) == {"c0", "c2"}
    assert found.order[2:] == ("c1", "c3")
    assert found.p_values["c3"] <= 0.05


def test_one_cell_that_beats_all_others_is_optimal() -> None:
    assert rank(cells(100, 130, 101, 150), higher_is_better=True).best == ("c3",)


def test_negative_values_are_ranked_without_logarithms() -> None:
    samples = {name: values - 200 for name, values in cells(100, 130).items()}
    assert rank(samples, higher_is_better=True).best == ("c1",)


def test_cells_without_spread() -> None:
    same = {"a": np.full(5, 2.0), "b": np.full(5, 2.0)}
    assert rank(same, higher_is_better=True).best == ("a", "b")
    assert rank(same | {"c": np.full(5, 3.0)}, higher_is_better=True).best == ("c",)


def test_cells_may_differ_in_runs() -> None:
    samples = cells(100, 140)
    samples["c1"] = samples["c1"][:5]
    assert rank(samples, higher_is_better=False).best == ("c0",)


@pytest.mark.parametrize("samples", [{"a": np.ones(9)}, {"a": np.ones(9), "b": np.ones(4)}])
def test_ranking_needs_two_cells_of_five_runs(samples: dict[str, np.ndarray]) -> None:
    with pytest.raises(NoValue) as none:
        rank(samples, higher_is_better=True)
    assert none.value.reason is Missing.TOO_FEW_RUNS


def test_levels_that_the_engine_ran_alike_are_one_configuration() -> None:
    levels = [0, 20, 80, 999] * 2
    strata = ["t0.2"] * 4 + ["t0.8"] * 4
    assert one_configuration(levels, [0, 19, 19, 19] * 2, strata) == ((20, 80, 999),)
    assert one_configuration(levels, [0] * 8, strata) == ((0, 20, 80, 999),)


def test_the_setting_may_depend_on_another_factor() -> None:
    levels, strata = [1, 2, 1, 2], ["a", "a", "b", "b"]
    assert one_configuration(levels, [4, 4, 8, 8], strata) == ((1, 2),)
    assert one_configuration(levels, [4, 4, 8, 4], strata) == ()


@pytest.mark.parametrize("effective", [[None, None], [4, None], [None, 4]])
def test_what_is_not_reported_proves_nothing(effective: list[int | None]) -> None:
    assert one_configuration([1, 2], effective, ["s", "s"]) == ()


def test_levels_without_a_common_stratum_are_not_compared() -> None:
    assert one_configuration([1, 2], [4, 4], ["a", "b"]) == ()


def test_a_level_that_ran_differently_from_run_to_run_does_not_merge() -> None:
    assert one_configuration([1, 1, 2], [4, 5, 4], ["s", "s", "s"]) == ()


def test_an_aa_test_passes_on_noise_and_fails_on_a_difference() -> None:
    rng = np.random.default_rng(1)
    levels, strata = np.tile([0, 1], 30), np.repeat([0, 1, 2], 20)
    noise = np.exp(0.05 * rng.standard_normal(60)) * 10.0**strata
    assert aa_test(noise, levels, strata).passes
    assert not aa_test(noise * (1 + 0.1 * levels), levels, strata).passes
    assert aa_test(noise - noise.mean(), levels, strata).n == 60


def test_an_aa_test_needs_two_levels_in_a_stratum() -> None:
    for levels in ([], [1, 1], [0, 1]):
        with pytest.raises(NoValue):
            aa_test(np.arange(1.0, 1 + len(levels)), levels, list(range(len(levels))))


def factor(effect: float, pairs: int = 12, noise: float = 0.01) -> tuple[np.ndarray, list[str], list[int]]:
    rng = np.random.default_rng(3)
    values = np.concatenate([np.linspace(1, 9, pairs), effect * np.linspace(1, 9, pairs)])
    return values * np.exp(noise * rng.standard_normal(2 * pairs)), ["a"] * pairs + ["b"] * pairs, [*range(pairs)] * 2


def test_an_effect_is_found_and_sized() -> None:
    values, levels, pairs = factor(1.2)
    (found,) = factor_effects(values, levels, pairs, pairs, margin=0.05)
    assert (found.level, found.reference, found.verdict) == ("b", "a", "effect")
    assert found.comparison.estimate.value == pytest.approx(1.2, rel=0.02)
    assert found.detectable is not None
    assert 1 < found.detectable < 1.04


def test_equivalence_needs_the_margin() -> None:
    values, levels, pairs = factor(1.0)
    assert factor_effects(values, levels, pairs, pairs, margin=0.05)[0].verdict == "equivalent"
    values, levels, pairs = factor(1.0, noise=0.3)
    assert factor_effects(values, levels, pairs, pairs, margin=0.05)[0].verdict == "none found"


def test_too_few_pairs_say_nothing() -> None:
    values, levels, pairs = factor(1.2, pairs=4)
    (found,) = factor_effects(values, levels, pairs, pairs, margin=0.05)
    assert (found.verdict, found.comparison.estimate.interval, found.detectable) == ("unknown", None, None)


def test_intervals_of_all_levels_hold_together() -> None:
    values, levels, pairs = factor(1.0, pairs=7)
    more = np.concatenate((values, values[7:]))
    alone = factor_effects(values, levels, pairs, pairs, margin=0.05)[0].comparison.estimate.interval
    found = [
        e.comparison.estimate.interval
        for e in factor_effects(more, [*levels, *["c"] * 7], [*range(7)] * 3, [*range(7)] * 3, margin=0.05)
    ]
    assert alone is not None
    assert alone.level == 0.95
    for interval in found:
        assert interval is not None
        assert interval.level == 0.975
        assert interval.low < alone.low < alone.high < interval.high


@pytest.mark.parametrize("seed", range(40))
def test_an_effect_is_found_exactly_where_the_printed_interval_leaves_one_out(seed: int) -> None:
    rng = np.random.default_rng(seed)
    centres = (1.0, 1.0, 1.08)
    values = np.concatenate([centre * np.exp(0.05 * rng.standard_normal(7)) for centre in centres])
    levels = [level for level in "abc" for _ in range(7)]
    for found in factor_effects(values, levels, [*range(7)] * 3, [*range(7)] * 3, margin=0.001):
        interval = found.comparison.estimate.interval
        assert interval is not None
        assert (found.verdict == "effect") is not (interval.low <= 1 <= interval.high)


def test_a_factor_of_too_many_levels_for_its_pairs_has_no_interval() -> None:
    values = np.exp(0.1 * np.random.default_rng(3).standard_normal(30))
    levels, pairs = [level for level in "abcde" for _ in range(6)], [*range(6)] * 5
    found = factor_effects(values, levels, pairs, pairs, margin=0.001)
    assert [effect.verdict for effect in found] == ["unknown"] * 4
    assert [effect.comparison.estimate.missing for effect in found] == [Missing.TOO_FEW_RUNS] * 4


def test_several_runs_of_a_pair_count_once_and_a_lone_level_is_left_out() -> None:
    values = np.array([1.0, 1, 1, 2, 4, 2, 5])
    pairs = [0, 1, 2, 0, 1, 1, 9]
    found = factor_effects(values, ["a", "a", "a", "b", "b", "b", "c"], pairs, pairs, margin=0.05)
    assert [effect.level for effect in found] == ["b"]
    assert found[0].comparison.n == 2
    assert found[0].comparison.estimate.value == pytest.approx(np.exp(np.log([2, 3]).mean()))


def test_the_reference_may_be_named() -> None:
    values, levels, pairs = factor(1.2)
    assert factor_effects(values, levels, pairs, pairs, margin=0.05, reference="b")[0].level == "a"
    assert factor_effects(values, levels, pairs, pairs, margin=0.05, reference="z") == ()
    assert factor_effects(np.array([]), [], [], [], margin=0.05) == ()


def blocked(rng: np.random.Generator, correlation: float, effect: float = 1.0) -> list[float]:
    """Six blocks of eight pairs whose log ratios share a part of their variance within a block; SD 4 %."""
    shared, own = rng.standard_normal((6, 1)), rng.standard_normal((6, 8))
    logs = 0.04 * (correlation**0.5 * shared + (1 - correlation) ** 0.5 * own)
    return (effect * np.exp(logs)).ravel().tolist()


@pytest.mark.parametrize("correlation", [0.0, 0.27, 0.53])
def test_pairs_of_one_block_are_no_more_than_one_block(correlation: float) -> None:
    """Counted one by one, such pairs find an effect where there is none in 5, 26 and 40 % of the cases."""
    rng, pairs, blocks = np.random.default_rng(6), [*range(48)] * 2, [*np.repeat(range(6), 8).tolist()] * 2
    levels, found = ["a"] * 48 + ["b"] * 48, []
    for _ in range(400):
        values = np.array([1.0] * 48 + blocked(rng, correlation))
        (effect,) = factor_effects(values, levels, pairs, blocks, margin=1e-6)
        assert effect.comparison.n == 6
        found.append(effect.verdict == "effect")
    assert np.mean(found) <= 0.05 + 0.022


@pytest.mark.parametrize("levels", [1, 4])
def test_levels_at_the_margin_are_rarely_called_equivalent_however_many_there_are(levels: int) -> None:
    rng, wrong = np.random.default_rng(7), []
    named = [level for level in range(levels + 1) for _ in range(10)]
    pairs = [*range(10)] * (levels + 1)
    for _ in range(300):
        logs = 0.03 * rng.standard_normal((levels + 1, 10))
        logs[1:] += np.log(1.05)
        found = factor_effects(np.exp(logs).ravel(), named, pairs, pairs, margin=0.05)
        wrong.append(any(one.verdict == "equivalent" for one in found))
    assert np.mean(wrong) <= 0.05 + 0.025
