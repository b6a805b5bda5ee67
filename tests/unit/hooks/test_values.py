"""Values: arithmetic, lineage, identity, joint intervals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import UsageError
from harness.outcomes import Missing
from harness.units import MS, ONE, PERCENT, RATIO, TOK_PER_S, TOKENS, S
from hooks.evidence import Sample, Selector, Strength, weakest
from hooks.records import page_record, values_of
from hooks.values import Value, absent, by_id, cited, constant

NUMBERS = st.floats(min_value=-1e9, max_value=1e9, allow_subnormal=False)


def leaf(cell: str, numbers: list[float], *, metric: str = "ttft", digest: str = "a" * 64, version: int = 1) -> Value:
    runs = tuple(f"{cell}-{index:03d}" for index in range(len(numbers)))
    sample = Sample((cell,) * len(numbers), runs, tuple(numbers), "mean")
    selector = Selector(
        f"demo/v{version}", digest, metric, 1, (("cell", (cell,)),), "measured", "median", "mean"
    )  # fmt: skip
    mean = float(np.mean(numbers))
    return Value(mean, MS, Strength.MEASURED, n=len(numbers), selector=selector, sample=sample)


def test_units_are_checked() -> None:
    with pytest.raises(UsageError, match="cannot convert"):
        constant(1.0, MS) + constant(1.0, TOKENS)
    with pytest.raises(UsageError, match="cannot convert"):
        constant(1.0, MS).to(TOKENS)


def test_units_convert_and_combine() -> None:
    assert (constant(1.0, S) + constant(500.0, MS)).number == 1.5
    assert (constant(500.0, MS) - constant(1.0, S)).number == -500.0
    rate = constant(30.0, TOKENS) / constant(2.0, S)
    assert (rate.number, rate.unit) == (15.0, TOK_PER_S)
    speedup = constant(3.0, S) / constant(1500.0, MS)
    assert (speedup.number, speedup.unit) == (2.0, RATIO)
    assert (speedup - 1).to(PERCENT).text == "100\u00a0%"


def test_dividing_by_zero_names_the_value() -> None:
    with pytest.raises(UsageError, match="it is zero"):
        constant(1.0) / constant(0.0)


@given(st.lists(st.sampled_from(Strength), min_size=1, max_size=5))
def test_a_combination_takes_the_weakest(strengths: list[Strength]) -> None:
    result = weakest(*strengths)
    order = list(Strength)
    assert order.index(result) == max(1, *(order.index(strength) for strength in strengths))


def test_missing_is_never_zero() -> None:
    gone = absent(Missing.NO_SENSOR, MS)
    total = gone + constant(1.0, MS)
    assert (total.number, total.missing, total.text) == (None, "no_sensor", "—")
    with pytest.raises(ValueError, match="never both"):
        Value(0.0, MS, Strength.MEASURED, missing="no_sensor")
    with pytest.raises(ValueError, match="never both"):
        Value(None, MS, Strength.MEASURED)


def test_parents_and_operation_are_kept() -> None:
    a, b = leaf("a", [1.0, 2.0, 3.0]), leaf("b", [4.0, 5.0, 6.0])
    ratio = a / b
    assert ratio.parents == (a, b)
    assert (ratio.operation, ratio.strength, ratio.n) == ("/", Strength.DERIVED, 3)
    assert [member.id for member in ratio.lineage()] == [a.id, b.id, ratio.id]


def test_ids_outlive_editions_but_not_questions() -> None:
    one = leaf("a", [1.0, 2.0, 3.0])
    assert leaf("a", [9.0, 9.5, 9.7], digest="b" * 64, version=2).id == one.id
    assert leaf("b", [1.0, 2.0, 3.0]).id != one.id
    assert leaf("a", [1.0, 2.0, 3.0], metric="tpot").id != one.id
    assert replace(one, unit=S).id != one.id
    assert one.named("headline").id.startswith("headline-")


def test_one_id_cannot_mean_two_numbers() -> None:
    with pytest.raises(UsageError, match="share the id"):
        by_id([leaf("a", [1.0, 2.0, 3.0]), leaf("a", [1.0, 2.0, 4.0])])


def test_a_shared_run_moves_both_operands() -> None:
    rng = np.random.default_rng(7)
    level = rng.lognormal(3, 1, 12)
    cold, warm = leaf("a", list(level * 2), metric="cold"), leaf("a", list(level), metric="warm")
    paired = cold / warm
    assert paired.interval is not None
    assert paired.interval.low == pytest.approx(2.0)
    assert paired.interval.high == pytest.approx(2.0)
    unpaired = leaf("b", list(level * 2)) / warm
    assert unpaired.interval is not None
    assert unpaired.interval.high - unpaired.interval.low > 0.5


def test_the_interval_is_that_of_the_formula_not_of_its_bounds() -> None:
    rng = np.random.default_rng(11)
    a, b = leaf("a", list(rng.normal(100, 5, 8))), leaf("b", list(rng.normal(50, 3, 8)))
    once, twice = (a / b).interval, ((a / b) * constant(2.0)).interval
    assert once is not None
    assert twice is not None
    assert twice.low == pytest.approx(2 * once.low)
    assert twice.high == pytest.approx(2 * once.high)
    assert (a - a).interval is not None
    assert (a - a).number == 0


def test_too_few_runs_give_no_interval() -> None:
    assert (leaf("a", [1.0, 2.0]) / leaf("b", [1.0, 2.0, 3.0])).interval is None


def test_ratio_intervals_cover_at_five_runs() -> None:
    rng = np.random.default_rng(42)
    hits = 0
    trials = 400
    for _ in range(trials):
        ratio = leaf("a", list(rng.normal(20, 2, 5))) / leaf("b", list(rng.normal(10, 1, 5)))
        assert ratio.interval is not None
        hits += ratio.interval.low <= 2.0 <= ratio.interval.high
    assert 0.92 <= hits / trials <= 0.985


@given(NUMBERS, NUMBERS)
def test_figures_agree_with_the_number_and_its_bounds(first: float, second: float) -> None:
    value = constant(first, MS) - constant(second, MS)
    assert value.number == first - second
    assert value.text.startswith(value.figure)


def test_quoted_figures_keep_their_digits() -> None:
    assert cited(99.0, PERCENT, "seed", 2).text == "99.00\u00a0%"
    assert cited(120.0, ONE, "seed", 0).figure == "120"


def test_records_are_lossless() -> None:
    share = (leaf("a", [1.0, 2.0, 4.0]) / leaf("b", [4.0, 5.0, 7.0]) - 1).to(PERCENT).named("gain", "how much")
    record = page_record("demo", [share, absent(Missing.NOT_REPORTED, MS)])
    again = values_of(record["values"])
    assert again[share.id] == share
    assert record["values"][share.id]["text"] == share.text
    assert page_record("demo", again.values()) == record
