from dataclasses import replace

import pytest

from harness.errors import UsageError
from harness.outcomes import Missing
from harness.units import MS, ONE, PERCENT, RATIO, Unit
from hooks.claims.claim import Claim, by_id, claim_html, claims_of, claims_record
from hooks.claims.evaluate import State, exact
from hooks.claims.lint import lint
from hooks.values.evidence import Interval, Strength
from hooks.values.questions import Counted, OfPrimary
from hooks.values.value import Value, absent, cited, constant
from tests.support.questions import of_metric


def estimate(number: float, low: float, high: float, unit: Unit = MS, name: str = "x") -> Value:
    interval = Interval(low, high, 0.95, "test")
    return Value(number, unit, Strength.MEASURED, interval, 5, question=of_metric(), name=name)


SLOWER = Claim(
    "cold-slower",
    "A cold request takes {cold} {cold.interval}, {delta~longer than|shorter than|as long as} a warm one"
    " ({delta.figure} of {cold.n} runs at {512|setting} tokens).",
    {"cold": estimate(21.3, 20.1, 22.5, name="cold"), "delta": estimate(9.1, 8.0, 10.0, name="delta")},
    "delta.low > 0",
)


def test_the_sentence_shows_its_numbers_and_the_word_that_they_support() -> None:
    assert SLOWER.text == (
        "A cold request takes 21.3\u00a0ms [20.1, 22.5], longer than a warm one (9.1 of 5 runs at 512 tokens)."
    )
    assert SLOWER.state is State.HOLDS


@pytest.mark.parametrize(
    ("low", "high", "word", "state"),
    [
        (1.0, 2.0, "longer than", State.HOLDS),
        (-2.0, -1.0, "shorter than", State.FAILS),
        (-1.0, 1.0, "as long as", State.INCONCLUSIVE),
    ],
)
def test_word_and_state_follow_the_data(low: float, high: float, word: str, state: State) -> None:
    delta = estimate((low + high) / 2, low, high, name="delta")
    claim = replace(SLOWER, values={**SLOWER.values, "delta": delta})
    assert f", {word} a warm one" in claim.text
    assert claim.state is state


def test_a_word_may_compare_with_another_reference() -> None:
    ratio = estimate(1.3, 1.2, 1.4, RATIO)
    claim = Claim("c", "The ratio is {r~1:above|below|at} parity.", {"r": ratio}, "r.low > 1")
    assert claim.text == "The ratio is above parity."


def test_an_estimate_without_an_interval_supports_no_word_and_no_claim() -> None:
    lone = Value(5.0, MS, Strength.MEASURED, n=1, question=of_metric())
    claim = Claim("c", "It is {x~slower|faster|not yet told apart}.", {"x": lone}, "x.low > 0")
    assert claim.text == "It is not yet told apart."
    assert claim.state is State.INCONCLUSIVE
    assert Claim("c", "It is {x}.", {"x": absent("no_tokens", MS)}, "x.low > 0").state is State.INCONCLUSIVE


def p_value(number: float | None) -> Value:
    asked = OfPrimary(dataset="tr900/v1", digest="d" * 64, primary="tuned", of="p_equivalent")
    missing = Missing.TOO_FEW_BLOCKS if number is None else None
    return Value(number, ONE, Strength.DERIVED, n=8, missing=missing, question=asked)


@pytest.mark.parametrize(("number", "state"), [(0.05, State.HOLDS), (0.051, State.FAILS)])
def test_a_p_value_is_asked_as_it_is(number: float, state: State) -> None:
    assert Claim("c", "It is within {5|threshold} %: {p}.", {"p": p_value(number)}, "p <= 0.05").state is state


def test_what_is_exact() -> None:
    counted = Counted(dataset="tr900/v1", digest="d" * 64, of="runs")
    count = Value(3, ONE, Strength.MEASURED, n=3, question=counted)
    figure = cited(99.25, PERCENT, "Technical Report", 2)
    assert exact(count)
    assert exact(figure)
    assert exact(p_value(0.03))
    assert not exact(p_value(None))
    assert exact(constant(2.0))
    assert exact(count * constant(2.0))
    assert not exact(estimate(1.0, 0.5, 1.5))
    assert not exact(absent("no_tokens", MS))
    assert not exact(count * Value(5.0, MS, Strength.MEASURED, n=1))


@pytest.mark.parametrize(
    ("sentence", "complaint"),
    [
        ("It takes 21 ms, not {cold}.", "typed number in 'It takes 21 ms, not'"),
        ("It takes ²¹ {cold}.", "typed number"),
        ("It takes ½ of {cold}.", "typed number"),
        ("It takes {cold!r}.", "neither a value, a word nor a literal"),
        ("It takes {512|guess}.", "neither a value, a word nor a literal"),
        ("It takes {cold.__class__}.", "neither a value, a word nor a literal"),
        ("It takes {other}.", "mentions other, which it does not bind"),
    ],
)
def test_a_sentence_cannot_hide_a_number(sentence: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        Claim("c", sentence, {"cold": estimate(1, 0.5, 2)}, "cold.low > 0")


def test_a_claim_that_could_not_fail_is_refused() -> None:
    with pytest.raises(UsageError, match="could never fail"):
        Claim("c", "It is so.", {}, "1 > 0")
    with pytest.raises(UsageError, match="mentions delta"):
        Claim("c", "It is so.", {}, "delta.low > 0")
    with pytest.raises(UsageError, match="two claims have the id"):
        by_id([SLOWER, SLOWER])


def test_several_values_may_be_claimed_to_lie_within_a_narrow_margin() -> None:
    names = "abcdef"
    values = {name: estimate(1.0, 0.99, 1.01, RATIO, name) for name in names}
    shown = ", ".join(f"{{{name}}} {{{name}.interval}}" for name in names)
    within = " and ".join(f"({name}.low > 0.9524 and {name}.high < 1.05)" for name in names)
    assert lint(Claim("c", f"It lies within {{5|threshold}} %: {shown}.", values, within)).state is State.HOLDS
    with pytest.raises(UsageError, match="true of no number"):
        lint(Claim("c", f"It lies within {{5|threshold}} %: {shown}.", values, f"{within} and a.low > 2"))


def test_the_html_binds_every_number_and_carries_the_state() -> None:
    html = claim_html(SLOWER, "note")
    assert 'data-claim="cold-slower" data-state="supported"' in html
    assert html.count("<data ") == 5
    assert html.count('data-lit="setting"') == 1
    assert '<span class="bc-note">note</span>' in html
    assert "in this session" not in html
    assert "in this session" in claim_html(replace(SLOWER, in_session=True))


def test_typed_words_are_escaped() -> None:
    claim = Claim("c", "<script>alert()</script> *{x}*", {"x": estimate(1, 0.5, 2)}, "x.low > 0")
    assert "<script" not in claim_html(claim)


def test_a_record_gives_the_same_claim_back() -> None:
    record = claims_record([SLOWER])
    values = {value.id: value for value in SLOWER.values.values()}
    assert claims_of(record, values) == {"cold-slower": SLOWER}
    assert record["cold-slower"]["state"] == "holds"
