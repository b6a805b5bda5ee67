"""Two readers of one grammar, written apart, must give one answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import UsageError
from harness.units import MS
from hooks.claims.evaluate import Bounds, decide
from hooks.claims.predicate import parse
from hooks.verify.recompute.predicate import Ends, NotAPredicate, state

NAMES = ("a", "b", "c")
ENDS = st.one_of(st.none(), st.tuples(st.integers(-5, 5), st.integers(0, 5)))
TERMS = st.one_of(
    st.tuples(st.sampled_from(NAMES), st.sampled_from([".low", ".high"])).map("".join),
    st.integers(-5, 5).map(lambda number: f"{number} ms"),
)
COMPARISONS = st.tuples(TERMS, st.lists(st.tuples(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), TERMS), min_size=1, max_size=2)).map(  # noqa: E501
    lambda parts: " ".join([parts[0], *(word for pair in parts[1] for word in pair)])
)  # fmt: skip
PREDICATES = st.recursive(
    COMPARISONS,
    lambda inner: st.tuples(inner, st.sampled_from([" and ", " or "]), inner).map(
        lambda parts: f"({parts[0]}){parts[1]}({parts[2]})"
    ),
    max_leaves=5,
)


@settings(max_examples=250, deadline=None)
@given(PREDICATES, st.tuples(ENDS, ENDS, ENDS))
def test_both_readers_agree(text: str, found: tuple[tuple[int, int] | None, ...]) -> None:
    intervals = [(None, None) if pair is None else (float(pair[0]), float(sum(pair))) for pair in found]
    bounds = {name: Bounds(low, high, 5, MS) for name, (low, high) in zip(NAMES, intervals, strict=True)}
    scale = MS.scale
    ends = {
        name: Ends(None if low is None else low * scale, None if high is None else high * scale, 5)
        for name, (low, high) in zip(NAMES, intervals, strict=True)
    }
    assert state(text, ends) == str(decide(parse(text), bounds))


@pytest.mark.parametrize(
    "text", ["a.low >", "a.low", "", "a.low > 0)", "(a.low > 0", "a.mean > 0", "d.low > 0", "x(1)"]
)
def test_what_is_no_predicate(text: str) -> None:
    with pytest.raises(NotAPredicate):
        state(text, {"a": Ends(0.0, 1.0, 5)})
    if text != "d.low > 0":
        with pytest.raises(UsageError):
            parse(text)
