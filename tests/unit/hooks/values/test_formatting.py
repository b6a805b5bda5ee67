"""The formatter: properties that every number on the site relies on."""

from __future__ import annotations

import math
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import UsageError
from harness.units import MS, ONE, PERCENT, RATIO, TOK_PER_S
from hooks.values.formatting import MISSING, figure, parse, place, with_unit

finite = st.floats(allow_nan=False, allow_infinity=False)
places = st.integers(-12, 12)


@pytest.mark.parametrize(
    ("number", "at", "text"),
    [
        (0.0, 0, "0"),
        (-0.0, -1, "0.0"),
        (-0.004, -1, "0.0"),
        (1234567.0, 0, "1,234,567"),
        (-1234.5, -1, "−1,234.5"),
        (999.95, -1, "1,000.0"),
        (12345.0, 2, "12,300"),
        (0.5, 0, "0"),
        (1.5, 0, "2"),
        (1.2345e-7, -9, "1.23×10⁻⁷"),
        (6.02214076e23, 21, "6.02×10²³"),
        (-6.02214076e23, 21, "−6.02×10²³"),
        (5e-324, -324, "5×10⁻³²⁴"),
        (1.7976931348623157e308, 306, "1.80×10³⁰⁸"),
        (None, 0, MISSING),
    ],
)
def test_shows(number: float | None, at: int, text: str) -> None:
    assert figure(number, at) == text


@pytest.mark.parametrize(
    ("number", "low", "high", "text"),
    [
        (0.9200, 0.8500, 0.99597, "0.920 [0.850, 0.996]"),
        (0.9200, 0.8500, 0.99996, "0.92000 [0.85000, 0.99996]"),
        (1.0700, 1.0040, 1.1500, "1.070 [1.004, 1.150]"),
        (0.8900, 0.7700, 1.0054, "0.89 [0.77, 1.01]"),
        (0.4800, 0.4300, 0.5300, "0.48 [0.43, 0.53]"),
        (1274.6, 622.9, 6993.0, "1,300 [600, 7,000]"),
    ],
)
def test_an_interval_that_leaves_one_out_shows_it_and_a_number_is_not_its_end(
    number: float, low: float, high: float, text: str
) -> None:
    at = place(number, low, high, 1.0)
    assert f"{figure(number, at)} [{figure(low, at)}, {figure(high, at)}]" == text


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_refuses_what_is_no_number(number: float) -> None:
    with pytest.raises(UsageError, match="finite"):
        figure(number, 0)


@given(finite, places)
def test_text_is_the_nearest_number_at_its_last_digit(number: float, at: int) -> None:
    shown = Decimal(repr(parse(figure(number, at))))
    slack = abs(Decimal(number)) * Decimal("1e-15")
    assert abs(shown - Decimal(number)) <= Decimal(1).scaleb(at) / 2 + slack


@given(finite, places)
def test_sign_is_symmetric_and_zero_has_none(number: float, at: int) -> None:
    text = figure(number, at)
    assert figure(-number, at).replace("−", "") == text.replace("−", "")
    if parse(text) == 0:
        assert "−" not in text


@given(st.floats(min_value=1e-3, max_value=1e14), places)
def test_thousands_are_grouped(number: float, at: int) -> None:
    whole = figure(number, at).partition(".")[0]
    assert "×10" in whole or re.fullmatch(r"\d{1,3}(,\d{3})*", whole)


@given(finite, finite, st.floats(min_value=1e-6, max_value=1e6))
def test_rounding_keeps_order(first: float, second: float, half: float) -> None:
    at = place(0.0, -half, half)
    low, high = sorted((first, second))
    assert parse(figure(low, at)) <= parse(figure(high, at))


@given(st.floats(min_value=-1e6, max_value=1e6), st.floats(min_value=1e-9, max_value=1e6))
def test_last_digit_follows_the_interval(number: float, half: float) -> None:
    at = place(number, number - half, number + half)
    most = Decimal(repr(max(abs(number - half), abs(number + half)))).adjusted() - 5
    assert at >= most, "no more than six significant digits"
    assert at == most or 0.9 <= half / 10.0**at <= 31, "one digit of the half width, two where it begins with 1 or 2"


@given(st.floats(min_value=1e-300, max_value=1e300))
def test_three_digits_without_an_interval(number: float) -> None:
    at = place(number)
    if number != int(number) or number >= 2**53:
        assert Decimal(f"{number:.2e}").adjusted() - at == 2


@given(st.integers(-(2**53) + 1, 2**53 - 1))
def test_counts_are_exact(count: int) -> None:
    assert int(parse(figure(float(count), place(float(count))))) == count or abs(count) >= 1e15


def test_units() -> None:
    assert with_unit("12.3", MS) == "12.3\u00a0ms"
    assert with_unit("12", PERCENT) == "12\u00a0%"
    assert with_unit("1.8", RATIO) == "1.8×"
    assert with_unit("5", ONE) == "5"
    assert with_unit(MISSING, TOK_PER_S) == MISSING
