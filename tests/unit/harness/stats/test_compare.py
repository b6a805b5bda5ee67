"""Tests and effects between two samples against scipy and cases computed by hand."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from scipy import stats

from harness.outcomes import Missing, NoValue
from harness.stats.comparison.compare import compare
from harness.stats.comparison.paired import compare_paired_ratio
from harness.stats.comparison.shift import difference
from harness.stats.significance.rank_sum import null_distribution, rank_sum, smallest_p
from harness.stats.significance.signed_rank import p_value, signed_rank_distribution

RNG = np.random.default_rng(11)


def test_the_null_distribution_counts_arrangements() -> None:
    assert (null_distribution(2, 3) * comb(5, 2)).round(9).tolist() == [1, 1, 2, 2, 2, 1, 1]
    assert null_distribution(50, 50).sum() == pytest.approx(1)
    assert (signed_rank_distribution(3) * 8).tolist() == [1, 1, 1, 2, 1, 1, 1]


@pytest.mark.parametrize(("n", "m"), [(4, 4), (5, 9), (12, 7), (30, 30)])
@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
def test_exact_rank_sum_agrees_with_scipy(n: int, m: int, alternative: str) -> None:
    a, b = RNG.normal(0, 1, n), RNG.normal(0.4, 1, m)
    expected = stats.mannwhitneyu(a, b, alternative=alternative, method="exact").pvalue
    found = rank_sum(a, b, alternative)  # type: ignore[arg-type]
    assert found.p_value == pytest.approx(expected)
    assert found.method == "exact rank sum"


def test_ties_are_permuted_exactly_where_that_is_possible() -> None:
    a, b = np.array([1.0, 1, 2, 2]), np.array([2.0, 3, 3, 3])
    # rank sums as extreme as 11.5 (mean 18, so also 24.5) among the 70 arrangements
    ranks = stats.rankdata(np.concatenate((a, b)))
    sums = [sum(ranks[i] for i in range(8) if mask >> i & 1) for mask in range(256) if mask.bit_count() == 4]
    found = rank_sum(a, b)
    assert found.method == "exact permutation of the rank sum"
    assert found.p_value == pytest.approx(np.mean(np.abs(np.array(sums) - 18) >= 6.5 - 1e-9))


def test_many_values_use_the_normal_approximation() -> None:
    a, b = RNG.normal(0, 1, 200), RNG.normal(0, 1, 150).round(1)
    found = rank_sum(a, b)
    assert found.method == "rank sum, normal approximation"
    assert found.p_value == pytest.approx(stats.mannwhitneyu(a, b, method="asymptotic").pvalue)
    assert rank_sum(np.ones(100), np.ones(100)).p_value == 1.0


def test_significance_is_not_claimed_where_it_cannot_be_reached() -> None:
    assert smallest_p(3, 3) == pytest.approx(0.1)
    with pytest.raises(NoValue) as none:
        rank_sum(np.array([1.0, 2, 3]), np.array([11.0, 12, 13]))
    assert none.value.reason is Missing.TOO_FEW_RUNS
    found = compare(np.array([1.0, 2, 3]), np.array([11.0, 12, 13]))
    assert (found.test, found.difference.value, found.difference.interval) == (None, -10.0, None)
    assert found.difference.missing is Missing.TOO_FEW_RUNS


def test_four_against_four_apart() -> None:
    found = compare(np.array([10.0, 11, 12, 13]), np.array([1.0, 2, 3, 4]))
    assert found.test is not None
    assert found.test.p_value == pytest.approx(2 / 70)
    assert found.difference.value == 9.0
    assert found.difference.interval is not None
    assert found.difference.interval.low > 0


def test_interval_and_test_agree() -> None:
    for seed in range(60):
        rng = np.random.default_rng(seed)
        a, b = rng.normal(0, 1, 7), rng.normal(1, 1, 7)
        found = compare(a, b)
        assert found.test is not None
        assert found.difference.interval is not None
        if found.difference.interval.method == "rank sum" and found.test.p_value <= 0.05:
            assert not found.difference.interval.low <= 0 <= found.difference.interval.high


@pytest.mark.parametrize(("n", "m"), [(6, 30), (30, 6), (7, 9)])
def test_unlike_samples_compare_their_medians(n: int, m: int) -> None:
    a, b = np.arange(float(n)), np.arange(float(m)) + 3
    found = difference(a, b)
    assert found.interval is not None
    assert found.interval.method == "propagated medians"
    assert found.value == np.median(a) - np.median(b)


def test_unlike_samples_below_six_runs_have_no_interval() -> None:
    assert difference(np.arange(5.0), np.arange(30.0)).missing is Missing.TOO_FEW_RUNS


def test_large_samples_have_a_narrow_interval_around_the_shift() -> None:
    a, b = np.random.default_rng(1).normal(5, 1, 400), np.random.default_rng(2).normal(4, 1, 400)
    found = difference(a, b)
    assert found.interval is not None
    assert 0.8 < found.interval.low < 1 < found.interval.high < 1.2


def test_comparing_nothing_has_no_value() -> None:
    for call in (compare, difference):
        with pytest.raises(NoValue):
            call(np.array([]), np.array([1.0]))


@pytest.mark.parametrize("n", [6, 10, 25])
def test_signed_rank_agrees_with_scipy(n: int) -> None:
    differences = RNG.normal(0.3, 1, n)
    assert p_value(differences) == pytest.approx(stats.wilcoxon(differences, mode="exact").pvalue)


def test_signed_rank_with_zeros_and_ties_by_hand() -> None:
    # |d| 0 1 1 2: ranks 1, 2.5, 2.5, 4; with signs + + +, the sum 9 is the most extreme of 8: p = 2/8
    assert p_value(np.array([0.0, 1, 1, 2])) == pytest.approx(0.25)
    assert p_value(np.zeros(7)) == 1.0


def test_signed_rank_for_many_pairs_is_near_the_exact_one() -> None:
    differences = np.random.default_rng(3).normal(0.2, 1, 80)
    assert p_value(differences) == pytest.approx(stats.wilcoxon(differences, mode="approx").pvalue, abs=0.01)
    assert p_value(np.zeros(80)) == 1.0


def test_pairs_cancel_what_both_members_share() -> None:
    session = np.array([1.0, 3, 9, 27, 81, 243, 729])
    noise = np.array([1.0, 1.01, 0.99, 1.02, 1.0, 0.98, 1.01])
    found = compare_paired_ratio(2 * session * noise, session)
    assert found.estimate.value == pytest.approx(2, rel=0.02)
    assert found.estimate.interval is not None
    assert 1.9 < found.estimate.interval.low < found.estimate.interval.high < 2.1
    assert found.differs
    assert difference(2 * session * noise, session).interval.low < 0  # type: ignore[union-attr]


def test_five_pairs_are_too_few() -> None:
    found = compare_paired_ratio(2 * np.arange(1.0, 6.0), np.arange(1.0, 6.0))
    assert (found.estimate.value, found.estimate.interval, found.missing) == (2.0, None, Missing.TOO_FEW_RUNS)
    assert not found.differs
    assert compare_paired_ratio(2 * np.arange(1.0, 7.0), np.arange(1.0, 7.0)).differs


def test_many_pairs_have_an_interval() -> None:
    rng = np.random.default_rng(5)
    found = compare_paired_ratio(*np.exp(rng.normal(((0.1,), (0.0,)), 0.1, (2, 200)))).estimate.interval
    assert found is not None
    assert 1.05 < found.low < np.exp(0.1) < found.high < 1.15
