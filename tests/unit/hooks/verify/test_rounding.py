"""The verifier's idea of a right text against the formatter's, which it shares no code with."""

import math
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.units import MS, ONE, RATIO, Unit
from hooks.claims import sentence
from hooks.values.evidence import Interval, Strength
from hooks.values.serialize import value_record
from hooks.values.value import Value
from hooks.verify.reader.units import shown_with
from hooks.verify.reader.values_json import StatedValue
from hooks.verify.recompute.rounding import last_place, rounds
from hooks.verify.recompute.sentence import says

NUMBERS = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e18, max_value=1e18)
WIDTHS = st.floats(min_value=1e-12, max_value=1e6)


def stated(value: Value) -> StatedValue:
    return StatedValue.model_validate(value_record(value))


def value(number: float, width: float | None = None, unit: Unit = MS, decimals: int | None = None) -> Value:
    interval = None if width is None else Interval(number - width, number + width, 0.95, "test")
    return Value(number, unit, Strength.MEASURED, interval, decimals=decimals)


@settings(max_examples=200)
@given(NUMBERS, st.one_of(st.none(), WIDTHS))
def test_what_the_formatter_writes_is_right(number: float, width: float | None) -> None:
    made = value(number, width)
    assert rounds(made.figure, number, last_place(stated(made)))


@pytest.mark.parametrize("number", [0.18, 1000.3348, 52.04, 587_943.5])
@pytest.mark.parametrize("share", [0.0001, 0.1])
def test_a_sentence_is_read_with_the_interval_that_it_shows(number: float, share: float) -> None:
    made, template = value(number, number * share), "It lies at {a} {a.interval} here."
    text = sentence.plain_text(sentence.pieces(template), {"a": made})
    assert says(text, template, {"a": stated(made)}, {})
    assert not says(text.replace("[", "[9"), template, {"a": stated(made)}, {})


NEAR_ONE = st.floats(min_value=0.9, max_value=1.1)


@settings(max_examples=300)
@given(st.lists(NEAR_ONE, min_size=3, max_size=3).map(sorted), st.sampled_from([RATIO, MS]))
def test_both_show_as_many_digits_of_a_ratio(ends: list[float], unit: Unit) -> None:
    low, number, high = ends
    made = Value(number, unit, Strength.MEASURED, Interval(low, high, 0.95, "test"))
    assert made.place == last_place(stated(made))
    for shown, end in ((made.low, low), (made.high, high)):
        assert rounds(shown, end, last_place(stated(made)))


@settings(max_examples=200)
@given(NUMBERS, st.one_of(st.none(), WIDTHS), st.data())
def test_any_other_digit_is_wrong(number: float, width: float | None, data: st.DataObject) -> None:
    made = value(number, width)
    text = made.figure
    places = [place for place, character in enumerate(text) if character in "0123456789⁰¹²³⁴⁵⁶⁷⁸⁹"]
    place = data.draw(st.sampled_from(places))
    digits = "0123456789" if text[place] in "0123456789" else "⁰¹²³⁴⁵⁶⁷⁸⁹"
    other = data.draw(st.sampled_from([digit for digit in digits if digit != text[place]]))
    assert not rounds(text[:place] + other + text[place + 1 :], number, last_place(stated(made)))


@pytest.mark.parametrize(
    ("text", "number", "place"),
    [
        ("1234", 1234.0, 0),
        ("1,23", 123.0, 0),
        ("-1", -1.0, 0),
        ("−0", -0.2, 0),
        ("1.20", 1.2, -1),
        ("1.2", 1.2, -2),
        ("3", 2.5, 0),
        ("1.0×10⁵", 1e16, 14),
        ("1.5 ms", 1.5, -1),
        ("", 1.0, 0),
        ("one", 1.0, 0),
        ("—", 1.0, 0),
        ("0", 0.6, 0),
        ("1.2", None, -1),
    ],
)
def test_wrong_texts(text: str, number: float | None, place: int) -> None:
    assert not rounds(text, number, place)


@pytest.mark.parametrize(
    ("text", "number", "place"),
    [
        ("1,234", 1234.4, 0),
        ("1,200", 1234.0, 2),
        ("−1.5", -1.46, -1),
        ("2", 2.5, 0),
        ("4", 3.5, 0),
        ("0.0", -0.04, -1),
        ("1.23×10⁻⁵", 1.234e-5, -7),
        ("—", None, 0),
    ],
)
def test_right_texts(text: str, number: float | None, place: int) -> None:
    assert rounds(text, number, place)


@given(NUMBERS)
def test_the_last_digit_follows_the_interval(number: float) -> None:
    for half, place in ((0.4, -1), (0.04, -2), (0.02, -3), (3.1, 0), (29.0, 0), (31.0, 1)):
        if math.isclose((number + half) - (number - half), 2 * half, rel_tol=1e-6):
            most = Decimal(repr(max(abs(number - half), abs(number + half)))).adjusted() - 5
            assert last_place(stated(value(number, half))) == max(place, most)


@pytest.mark.parametrize(("unit", "text"), [(MS, "1.5\u00a0ms"), (RATIO, "1.5×"), (ONE, "1.5")])
def test_units_are_written_after_the_figure(unit: Unit, text: str) -> None:
    assert shown_with("1.5", unit.symbol) == text == value(1.5, unit=unit, decimals=1).text
