"""The verdict judges the sentence that is printed, whichever word the data chose for it."""

from __future__ import annotations

import pytest

from harness.units import RATIO
from hooks.claims.claim import Claim
from hooks.claims.evaluate import State
from hooks.claims.verdict import Verdict, asked_again
from hooks.values.evidence import Interval, Strength
from hooks.values.value import Value, absent
from hooks.verify.recompute.predicate import Ends
from hooks.verify.recompute.sentence import verdict as again

SENTENCE = "The second is {ratio~1:slower than|faster than|not shown to differ from} the first: {ratio}."
PREDICATE = "ratio.high < 1"


def ratio(low: float, high: float) -> Value:
    interval = Interval(low, high, 0.95, "signed rank")
    return Value((low + high) / 2, RATIO, Strength.DERIVED, interval, 7, definition="ratio")


@pytest.mark.parametrize(
    ("low", "high", "state", "verdict"),
    [
        (0.5, 0.9, State.HOLDS, Verdict.SUPPORTED),
        (3.1, 3.5, State.FAILS, Verdict.SUPPORTED),
        (0.9, 1.1, State.INCONCLUSIVE, Verdict.OPEN),
        (1.0, 1.2, State.FAILS, Verdict.OPEN),
        (0.8, 1.0, State.INCONCLUSIVE, Verdict.OPEN),
    ],
)
def test_a_sentence_with_a_chosen_word_is_judged_as_it_is_printed(
    low: float, high: float, state: State, verdict: Verdict
) -> None:
    claim = Claim("second", SENTENCE, {"ratio": ratio(low, high)}, PREDICATE)
    assert (claim.state, claim.verdict) == (state, verdict)
    assert ("not shown to differ" in claim.text) is (verdict is Verdict.OPEN)
    stated = {"ratio": ratio(low, high)}
    assert again(SENTENCE, PREDICATE, _scaled(stated), {"ratio": Ends(low, high, 7)}) == verdict


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(0.5, 0.9, Verdict.SUPPORTED), (1.1, 1.2, Verdict.CONTRADICTED), (0.9, 1.1, Verdict.OPEN)],
)
def test_a_sentence_of_fixed_words_is_judged_by_its_predicate(low: float, high: float, verdict: Verdict) -> None:
    claim = Claim("second", "The second is faster: {ratio}.", {"ratio": ratio(low, high)}, PREDICATE)
    assert claim.verdict is verdict


def test_what_else_the_sentence_says_must_hold_too() -> None:
    sentence, predicate = "{other} stalls; " + SENTENCE, "other.low > 2 and ratio.high < 1"
    slower = {"ratio": ratio(3.1, 3.5)}
    assert Claim("c", sentence, {**slower, "other": ratio(2.5, 3.0)}, predicate).verdict is Verdict.SUPPORTED
    assert Claim("c", sentence, {**slower, "other": ratio(1.0, 1.5)}, predicate).verdict is Verdict.CONTRADICTED
    assert Claim("c", sentence, {**slower, "other": ratio(1.5, 2.5)}, predicate).verdict is Verdict.OPEN


def test_without_an_interval_nothing_is_settled() -> None:
    claim = Claim("second", SENTENCE, {"ratio": absent("no_tokens", RATIO)}, PREDICATE)
    assert claim.verdict is Verdict.OPEN


@pytest.mark.parametrize(
    ("published", "state", "other", "said"),
    [
        (Verdict.SUPPORTED, State.HOLDS, State.HOLDS, "supported"),
        (Verdict.SUPPORTED, State.FAILS, State.FAILS, "supported"),
        (Verdict.SUPPORTED, State.HOLDS, State.FAILS, "contradicted"),
        (Verdict.SUPPORTED, State.FAILS, State.HOLDS, "contradicted"),
        (Verdict.SUPPORTED, State.FAILS, State.INCONCLUSIVE, "not settled"),
        (Verdict.OPEN, State.INCONCLUSIVE, State.HOLDS, "settled"),
        (Verdict.CONTRADICTED, State.FAILS, State.HOLDS, "supported"),
    ],
)
def test_another_recording_is_asked_of_the_published_sentence(
    published: Verdict, state: State, other: State, said: str
) -> None:
    assert asked_again(published, state, other) == said


class _Stated:
    scale = 1.0


def _scaled(values: dict[str, Value]) -> dict[str, _Stated]:
    return {name: _Stated() for name in values}
