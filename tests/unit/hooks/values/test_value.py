"""Values: arithmetic, lineage, identity, joint intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import UsageError
from harness.outcomes import Missing
from harness.stats.intervals import prediction
from harness.stats.intervals.interval import estimate
from harness.units import MS, ONE, PERCENT, RATIO, TOK_PER_S, TOKENS, S
from hooks.claims.evaluate import exact
from hooks.values.evidence import Interval, Sample, Strength, weakest
from hooks.values.prediction import DEFINITION, FEWEST, PREDICT
from hooks.values.serialize import page_record, values_of
from hooks.values.value import Value, absent, by_id, cited, combine, constant
from tests.support.questions import of_metric

NUMBERS = st.floats(min_value=-1e9, max_value=1e9, allow_subnormal=False)


def leaf(cell: str, numbers: list[float], *, metric: str = "ttft", digest: str = "a" * 64, version: int = 1) -> Value:
    runs = tuple(f"{cell}-{index:03d}" for index in range(len(numbers)))
    sample = Sample((cell,) * len(numbers), runs, tuple(numbers), "median")
    kept = (("cell", (cell,)),)
    question = of_metric(
        metric, f"demo/v{version}", digest=digest, where=kept, phase="measured", within="median"
    )  # fmt: skip
    middle = float(np.median(numbers))
    return Value(middle, MS, Strength.MEASURED, n=len(numbers), question=question, sample=sample)


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
        by_id([leaf("a", [1.0, 2.0, 3.0]), leaf("a", [1.0, 2.5, 3.0])])


def test_operands_of_the_same_runs_have_no_interval_and_say_why() -> None:
    level = list(np.random.default_rng(7).lognormal(3, 1, 12))
    cold, warm = leaf("a", [2 * x for x in level], metric="cold"), leaf("a", level, metric="warm")
    assert ((cold / warm).interval, (cold / warm).caution) == (None, "no interval: the operands are of the same runs")
    apart = leaf("b", [2 * x for x in level]) / warm
    assert apart.interval is not None
    assert apart.caution == ""


def test_a_number_that_no_run_changes_shares_nothing() -> None:
    level = list(np.random.default_rng(7).lognormal(3, 1, 12))
    formula, engine, moved = (leaf("a", [x] * 12, metric=name) for x, name in ((5.625, "b"), (5.62, "c"), (1.0, "d")))
    off = (engine / formula - 1).to(PERCENT)
    assert off.interval is not None
    assert off.interval.low == off.interval.high == off.number
    assert off.text == "−0.0889\u00a0%"
    varied = leaf("a", level, metric="cold")
    assert (varied / moved).interval == (varied / constant(1.0)).interval
    assert (varied + moved).interval is not None


def test_an_operand_named_twice_moves_as_one() -> None:
    rng = np.random.default_rng(11)
    a, b = leaf("a", list(rng.normal(100, 5, 8))), leaf("b", list(rng.normal(50, 3, 8)))
    assert (a - a).interval is not None
    assert (a - a).interval.low == (a - a).interval.high == 0
    once, again = (a / b - 1).interval, ((a - b) / b).interval
    assert once is not None
    assert again is not None
    assert again.low == pytest.approx(once.low)
    assert again.high == pytest.approx(once.high)


def test_the_interval_is_that_of_the_formula_not_of_its_bounds() -> None:
    rng = np.random.default_rng(11)
    a, b = leaf("a", list(rng.normal(100, 5, 8))), leaf("b", list(rng.normal(50, 3, 8)))
    once, twice = (a / b).interval, ((a / b) * constant(2.0)).interval
    assert once is not None
    assert twice is not None
    assert twice.low == pytest.approx(2 * once.low)
    assert twice.high == pytest.approx(2 * once.high)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (leaf("a", [1.0, 2.0, 3.0, 4.0, 5.0]) / leaf("b", [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), "too few blocks"),
        (leaf("a", [7.0, 8.0, 9.0, 7.5, 8.5, 9.5]) / leaf("b", [-1.0, 2.0, 3.0, 1.0, 2.0, 3.0]), "may be zero"),
        (
            leaf("a", [7.0, 8.0, 9.0, 7.5, 8.5, 9.5])
            * Value(1.1, ONE, Strength.DERIVED, Interval(1.0, 1.2, 0.95, "signed rank"), name="contrast"),
            "not of single runs",
        ),
    ],
)
def test_no_interval_says_why(value: Value, why: str) -> None:
    assert value.interval is None
    assert why in value.caution


def test_constants_need_neither_interval_nor_caution() -> None:
    assert ((constant(3.0) / constant(2.0)).interval, (constant(3.0) / constant(2.0)).caution) == (None, "")


def test_an_unlike_pair_covers_as_its_noisier_half_alone() -> None:
    """Where a joint bootstrap of medians fell to 87 %."""
    rng = np.random.default_rng(42)
    hits = 0
    for _ in range(400):
        ratio = leaf("a", list(rng.normal(20, 4, 7))) / leaf("b", list(rng.normal(10, 0.1, 7)))
        assert ratio.interval is not None
        hits += ratio.interval.low <= 2.0 <= ratio.interval.high
    assert 0.925 <= hits / 400 <= 0.98


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


def of_blocks(name: str, numbers: list[float], blocks: str) -> Value:
    value = leaf(name, numbers)
    assert value.sample is not None
    return replace(value, sample=replace(value.sample, blocks=tuple(blocks)))


@pytest.mark.parametrize(
    ("formula", "printed"),
    [
        (lambda a, b: a - b, True),
        (lambda a, b: a / b, True),
        (lambda a, b: a / b - 1, True),
        (lambda a, b: a + b, False),
        (lambda a, b: a / constant(2.0) + b, False),
        (lambda a, b: a - (constant(0.0, MS) - b), False),
        (lambda a, b: a * (b / a), False),
    ],
)
def test_what_blocks_share_may_cancel_but_not_add_up(formula: Callable[[Value, Value], Value], printed: bool) -> None:
    a, b = (of_blocks(name, [7.0, 8.0, 9.0, 7.5, 8.5, 9.5], "abcdef") for name in "ab")
    value = formula(a, b)
    assert (value.interval is not None) is printed
    assert ("move the result the same way" in value.caution) is not printed
    alone = formula(a, of_blocks("b", [7.0, 8.0, 9.0, 7.5, 8.5, 9.5], "ghijkl"))
    assert alone.interval is not None


@pytest.mark.parametrize("correlation", [0.0, 0.14, 0.53])
def test_a_median_over_blocks_holds_where_the_runs_of_a_block_are_alike(correlation: float) -> None:
    """Over 48 runs taken for independent, the interval covers 95, 87 and 68 %."""
    rng, blocks, held = np.random.default_rng(8), "".join(letter * 8 for letter in "abcdef"), []
    for _ in range(400):
        shared, own = np.repeat(rng.standard_normal(6), 8), rng.standard_normal(48)
        logs = correlation**0.5 * shared + (1 - correlation) ** 0.5 * own
        sample = Sample(("c",) * 48, tuple(map(str, range(48))), tuple(np.exp(0.03 * logs)), "median", tuple(blocks))
        interval = estimate(np.array(sample.by_block())).interval
        held.append(interval is not None and interval.low <= 1 <= interval.high)
    assert abs(np.mean(held) - 0.95) <= 0.01 + 0.022


def of_hosts(*numbers: float) -> tuple[Value, ...]:
    """A ratio of each host."""
    return tuple(Value(number, RATIO, Strength.DERIVED, n=6, name=f"host {k}") for k, number in enumerate(numbers))


def test_a_new_host_is_predicted_with_its_definition() -> None:
    found = combine(PREDICT, of_hosts(1.0, 2.0, 4.0))
    assert found.number == pytest.approx(2.0)
    assert found.interval is not None
    assert found.interval.low < 1.0 < 4.0 < found.interval.high
    assert (found.strength, found.unit, found.n) == (Strength.EXTRAPOLATED, RATIO, 6)
    assert found.id.startswith("prediction-")
    assert found.definition == DEFINITION
    assert values_of(page_record("page", [found])["values"])[found.id] == found


def test_units_of_hosts_are_converted_and_checked() -> None:
    seconds, *others = (replace(one, unit=MS) for one in of_hosts(1.0, 2.0, 4.0))
    found = combine(PREDICT, (replace(seconds, number=0.001, unit=S), *others))
    assert (found.unit, found.number) == (S, pytest.approx(0.002))
    assert found.to(MS).number == pytest.approx(2.0)
    with pytest.raises(UsageError, match="cannot convert"):
        combine(PREDICT, (seconds, *of_hosts(2.0, 4.0)))


def test_a_host_without_a_number_leaves_no_prediction() -> None:
    found = combine(PREDICT, (*of_hosts(1.0, 2.0), absent(Missing.NO_SENSOR, RATIO)))
    assert (found.number, found.interval, found.missing) == (None, None, "no_sensor")
    assert combine(PREDICT, of_hosts(0.0, 2.0, 4.0)).missing == "no prediction: a number is not above zero"
    assert FEWEST == prediction.FEWEST
    with pytest.raises(UsageError, match="2 hosts predict nothing; it takes at least 3"):
        combine(PREDICT, of_hosts(1.0, 2.0))


def test_hosts_that_agree_tell_no_interval_and_no_certainty() -> None:
    found = combine(PREDICT, tuple(replace(one, operation="constant") for one in of_hosts(2.0, 2.0, 2.0)))
    assert (found.number, found.interval) == (pytest.approx(2.0), None)
    assert found.caution == "no interval: all hosts give the same number"
    assert all(map(exact, found.parents))
    assert not exact(found)


def test_a_prediction_ends_a_formula() -> None:
    found = combine(PREDICT, of_hosts(1.0, 2.0, 4.0))
    for operation in ("+", "-", "*", "/"):
        with pytest.raises(UsageError, match="cannot be an operand"):
            combine(operation, (found.to(PERCENT), constant(2.0, RATIO)))
