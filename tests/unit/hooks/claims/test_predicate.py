import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import UsageError
from harness.units import MS, PERCENT, RATIO, S, Unit
from hooks.claims.evaluate import Bounds, State, decide
from hooks.claims.predicate import Amount, Bound, Comparison, Joined, names, parse


def ms(low: float | None, high: float | None, n: int = 5) -> Bounds:
    return Bounds(low, high, n, MS)


def state(text: str, **bounds: Bounds) -> State:
    return decide(parse(text), bounds)


def test_a_comparison_is_taken_apart() -> None:
    assert parse("delta.low > 0") == Comparison((Bound("delta", "low"), Amount(0.0, Unit(""))), (">",))
    assert parse("-3% < shift.low") == Comparison((Amount(-3.0, PERCENT), Bound("shift", "low")), ("<",))
    assert parse("a.low > 2.5 ms") == Comparison((Bound("a", "low"), Amount(2.5, MS)), (">",))


def test_and_binds_more_tightly_than_or() -> None:
    parsed = parse("a.low > 0 or b.low > 0 and c.n >= 5")
    assert isinstance(parsed, Joined)
    assert parsed.word == "or"
    assert isinstance(parsed.parts[1], Joined)
    assert parsed.parts[1].word == "and"
    assert names(parsed) == {"a", "b", "c"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "delta",
        "delta.low",
        "> 0",
        "delta.low > ",
        "delta.low > 0 and",
        "(delta.low > 0",
        "delta.low > 0)",
        "delta.mean > 0",
        "delta.low => 0",
        "not delta.low > 0",
        "__import__('os').system('true') > 0",
        "delta.__class__ > 0",
        "delta.low > 5 parsecs",
        "and.low > 0",
        "delta.low > 0; delta.high < 1",
        "lambda: 0",
        "delta[0] > 0",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not understood at"):
        parse(text)


@given(st.text(max_size=40))
def test_no_text_does_anything_but_parse_or_be_refused(text: str) -> None:
    with suppress(UsageError):
        assert names(parse(text)) <= set(re.findall(r"[a-z_][a-z0-9_]*", text))


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (1.0, 3.0, State.HOLDS),
        (-3.0, -1.0, State.FAILS),
        (-1.0, 1.0, State.INCONCLUSIVE),
        (0.0, 1.0, State.INCONCLUSIVE),
        (-1.0, 0.0, State.FAILS),
        (None, None, State.INCONCLUSIVE),
    ],
)
def test_a_difference_from_zero(low: float | None, high: float | None, expected: State) -> None:
    assert state("delta.low > 0", delta=ms(low, high)) is expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(-1.0, 1.0, State.HOLDS), (-4.0, 1.0, State.INCONCLUSIVE), (4.0, 9.0, State.FAILS)],
)
def test_equivalence_within_a_margin(low: float, high: float, expected: State) -> None:
    assert state("-3 ms < delta.low and delta.high < 3 ms", delta=ms(low, high)) is expected


def test_cannot_be_told_apart_is_a_claim_about_the_data() -> None:
    text = "delta.low <= 0 <= delta.high"
    assert state(text, delta=ms(-1.0, 1.0)) is State.HOLDS
    assert state(text, delta=ms(1.0, 2.0)) is State.FAILS


def test_or_holds_where_one_part_does_although_another_is_unknown() -> None:
    assert state("a.low > 0 or b.low > 0", a=ms(1, 2), b=ms(None, None)) is State.HOLDS
    assert state("a.low > 0 and b.low > 0", a=ms(-2, -1), b=ms(None, None)) is State.FAILS
    assert state("a.low > 0 and b.low > 0", a=ms(1, 2), b=ms(None, None)) is State.INCONCLUSIVE


def test_two_intervals_are_compared_in_one_unit() -> None:
    assert state("fast.high < slow.low", fast=ms(900, 950), slow=Bounds(1.0, 1.1, 5, S)) is State.HOLDS


def test_thresholds_carry_their_unit() -> None:
    share = Bounds(4.0, 6.0, 5, PERCENT)
    assert state("share.low > 3%", share=share) is State.HOLDS
    assert state("share.low > 0", share=share) is State.HOLDS
    assert state("ratio.low > 1", ratio=Bounds(1.2, 1.3, 5, RATIO)) is State.HOLDS
    with pytest.raises(UsageError, match="write the unit of 3"):
        state("share.low > 3", share=share)
    with pytest.raises(UsageError, match="cannot be compared"):
        state("delta.low > 3%", delta=ms(1, 2))


def test_the_point_of_an_estimate_decides_nothing() -> None:
    with pytest.raises(UsageError, match=r"ask for delta\.low"):
        state("delta > 0", delta=ms(1, 2))
    failed = Bounds(0.0, 0.0, 40, Unit(""), exact=True)
    assert state("failed == 0", failed=failed) is State.HOLDS
    assert state("failed.n >= 50", failed=failed) is State.FAILS


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(-1e6, 1e6))
def test_the_three_states_follow_the_interval(low: float, width: float, threshold: float) -> None:
    value = ms(low, low + width)
    found = decide(Comparison((Bound("x", "low"), Amount(threshold, MS)), (">",)), {"x": value})
    base = MS.scale
    expected = (
        State.HOLDS
        if low * base > threshold * base
        else State.FAILS
        if (low + width) * base <= threshold * base
        else State.INCONCLUSIVE
    )
    assert found is expected
