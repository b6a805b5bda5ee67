"""Whether a text is a right way to show a number: rounded correctly, to the last digit that the data support."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache

from ..reader.values_json import StatedValue

MISSING = "—"
MOST_DIGITS = 6
MOST_ZEROS = 12
NO_DIFFERENCE_AT_ONE = "×"
"""No interval, however narrow, supports more significant digits than these."""
MANY = 1 << 16
"""Numbers whose places and roundings are kept: most stand in several places."""
FEWEST_CUT = 15
"""A mantissa that would need more decimals than a float has may be cut after this many."""
_EXACT = Decimal(2) ** 53
_WIDE = Context(prec=800, rounding=ROUND_HALF_EVEN)
_SIGNS = str.maketrans("−⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "-0123456789-")
_FIGURE = re.compile(r"(−?)(\d{1,3}(?:,\d{3})*)(?:\.(\d+))?(?:×10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+))?")


def last_place(value: StatedValue) -> int:
    """The power of ten of the last digit that ``value`` may show."""
    if value.decimals is not None or value.number is None:
        return -(value.decimals or 0)
    if value.interval is not None and value.interval.high > value.interval.low:
        return _of_interval(value.number, value.interval.low, value.interval.high, value.unit)
    exact = Decimal(value.number)
    if exact == exact.to_integral_value() and abs(exact) < _EXACT:
        return 0
    return Decimal(f"{value.number:.2e}").adjusted() - 2


@lru_cache(maxsize=MANY)
def _of_interval(number: float, low: float, high: float, unit: str) -> int:
    ends = (low, high)
    last = _place_of_width(Decimal(repr(high - low)) / 2)
    finest = Decimal(repr(max(map(abs, (number, *ends))))).adjusted() - MOST_DIGITS + 1
    last -= any(_same(number, end, last) for end in ends)
    if unit == NO_DIFFERENCE_AT_ONE and (low > 1 or high < 1):
        shows = (place for place in range(last, finest, -1) if not any(_same(end, 1.0, place) for end in ends))
        last = next(shows, finest)
    return max(last, finest)


def _same(one: float, other: float, place: int) -> bool:
    """Whether two different numbers round to one at this place."""
    steps = (_WIDE.scaleb(Decimal(number), -place) for number in (one, other))
    return one != other and len({step.to_integral_value(ROUND_HALF_EVEN, _WIDE) for step in steps}) == 1


def _place_of_width(half: Decimal) -> int:
    """The place of its first digit, and one place finer where that digit is a 1 or a 2."""
    exponent = half.adjusted()
    return exponent if half >= 3 * Decimal(10) ** exponent else exponent - 1


@lru_cache(maxsize=MANY)
def rounds(text: str, number: float | None, place: int) -> bool:
    """Whether ``text`` (without a unit) shows ``number`` rounded half to even at the power of ten ``place``."""
    if number is None:
        return text == MISSING
    found = _FIGURE.fullmatch(text)
    if found is None:
        return False
    step = Decimal(10) ** place
    expected = _WIDE.multiply(_WIDE.divide(Decimal(number), step).to_integral_value(ROUND_HALF_EVEN, _WIDE), step)
    if expected == 0:
        return text == f"{0:.{max(0, -place) if -place < MOST_ZEROS else 0}f}"
    return (_is_scientific if found[4] else _is_plain)(found, expected, place)


def _is_plain(found: re.Match[str], expected: Decimal, place: int) -> bool:
    return len(found[3] or "") == max(0, -place) and _shown(found) == expected


def _is_scientific(found: re.Match[str], expected: Decimal, place: int) -> bool:
    power = int(found[4].translate(_SIGNS))
    decimals = len(found[3] or "")
    wanted = max(0, power - place)
    if power != expected.adjusted() or (decimals != wanted and not FEWEST_CUT <= decimals < wanted):
        return False
    return abs(_shown(found) - expected) <= (0 if decimals == wanted else Decimal(10) ** (power - decimals) / 2)


def _shown(found: re.Match[str]) -> Decimal:
    power = found[4].translate(_SIGNS) if found[4] else "0"
    return Decimal(f"{found[1].translate(_SIGNS)}{found[2].replace(',', '')}.{found[3] or 0}e{power}")
