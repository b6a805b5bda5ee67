"""A true number, printed with any digits, is never refuted by another printing of itself."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from hooks.cited.bounds import Bounds, any_meet, around
from hooks.cited.figure import Figure
from hooks.cited.quantities import Equivalence, Quantity

QUANTITY = Quantity(id="q", name="q", definition="q", unit="%", metric="q", equivalence=Equivalence(absolute=1.0))
NUMBERS = st.decimals(min_value=-1000, max_value=1000, allow_nan=False, places=7)
DIGITS = st.integers(min_value=0, max_value=6)


def printed(number: Decimal, digits: int, rounding: str) -> Figure:
    text = str(number.quantize(Decimal(1).scaleb(-digits), rounding=rounding))
    place = {"in": "tr110: x", "text": text}
    return Figure.model_validate(
        {"id": "tr110.x", "quantity": "q", "statistic": "mean", "value": text, "unit": "%", "places": [place]}
    )


@given(NUMBERS, DIGITS, DIGITS)
def test_two_printings_of_one_number_agree(number: Decimal, few: int, many: int) -> None:
    one = around(printed(number, few, ROUND_HALF_EVEN), QUANTITY)
    other = around(printed(number, many, ROUND_HALF_UP), QUANTITY)
    assert any_meet(one, other)


@given(NUMBERS, DIGITS)
def test_a_number_two_digits_away_does_not(number: Decimal, digits: int) -> None:
    one = around(printed(number, digits, ROUND_HALF_EVEN), QUANTITY)
    far = around(printed(number + 2 * Decimal(1).scaleb(-digits), digits, ROUND_HALF_EVEN), QUANTITY)
    assert not any_meet(one, far)


ENDS = st.floats(min_value=-1e6, max_value=1e6)


@given(ENDS, ENDS, ENDS, ENDS)
def test_meeting_is_symmetric_and_reflexive(a: float, b: float, c: float, d: float) -> None:
    one, other = Bounds(min(a, b), max(a, b)), Bounds(min(c, d), max(c, d))
    assert one.meets(other) == other.meets(one)
    assert one.meets(one)
    assert one.low <= one.middle <= one.high
