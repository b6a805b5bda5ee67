"""The one number formatter: prose, tables, tooltips, index, feed and JSON all go through it.

Rounding follows the interval: the last digit shown is the first significant digit of the interval's half
width, and one more where that digit is 1 or 2; a ratio whose interval leaves one out shows the digits by which it
does. Without an interval a whole number is exact and shown in full; anything else gets three significant digits. A
source's own digits (``decimals``) are kept as published.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Decimal

from harness.errors import UsageError
from harness.units import Unit

MISSING = "—"
MINUS = "\u2212"
SPACE = "\u00a0"
SIGNIFICANT = 3
MOST_SIGNIFICANT = 6
TINY, HUGE = 1e-4, 1e15
EXACT_BELOW = 2.0**53
ATTACHED = frozenset({"×"})

_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻" + MINUS, "0123456789--")


def place(
    number: float, low: float | None = None, high: float | None = None, no_difference: float | None = None
) -> int:
    """The power of ten of the last digit that the data support: −1 is tenths, 2 is hundreds.

    One digit more where the number would look like an end of its interval, and as many more as show that the interval
    leaves ``no_difference`` out. Never more than ``MOST_SIGNIFICANT`` digits, however narrow the interval.
    """
    if low is not None and high is not None and high > low:
        half = Decimal(repr(high - low)) / 2
        leading = half.adjusted()
        supported = leading - 1 if half.scaleb(-leading) < 3 else leading
        largest = max(abs(number), abs(low), abs(high))
        finest = Decimal(repr(largest)).adjusted() - MOST_SIGNIFICANT + 1
        if any(_look_alike(number, end, supported) for end in (low, high)):
            supported -= 1
        while supported > finest and no_difference is not None and _hidden(low, high, no_difference, supported):
            supported -= 1
        return max(supported, finest)
    if number == 0 or (number == int(number) and abs(number) < EXACT_BELOW):
        return 0
    return Decimal(f"{number:.{SIGNIFICANT - 1}e}").adjusted() - SIGNIFICANT + 1


def _look_alike(one: float, other: float, at: int) -> bool:
    """Whether two different numbers are the same text."""
    return one != other and _quantise(Decimal(one), at) == _quantise(Decimal(other), at)


def _hidden(low: float, high: float, no_difference: float, at: int) -> bool:
    """Whether an interval that leaves a number out does not look like it."""
    return not low <= no_difference <= high and any(_look_alike(end, no_difference, at) for end in (low, high))


def figure(number: float | None, at: int) -> str:
    """``number`` rounded half to even at the power of ten ``at``, without a unit; ``—`` where it is missing."""
    if number is None:
        return MISSING
    if not math.isfinite(number):
        raise UsageError("a value must be finite; say why it is missing instead")
    exact = Decimal(number)
    rounded = _quantise(exact, at)
    if rounded == 0:
        return f"{0:.{max(0, -at)}f}" if -at < 12 else "0"
    sign = MINUS if rounded < 0 else ""
    if not TINY <= abs(rounded) < HUGE:
        return sign + _scientific(abs(rounded), at)
    return sign + f"{abs(rounded):,.{max(0, -at)}f}"


def _quantise(exact: Decimal, at: int) -> Decimal:
    digits = max(1, exact.adjusted() - at + 2)
    if digits > 400:
        return exact
    step = Decimal(1).scaleb(at)
    return (exact / step).quantize(Decimal(1), rounding=ROUND_HALF_EVEN) * step if digits <= 27 else exact


def _scientific(rounded: Decimal, at: int) -> str:
    power = rounded.adjusted()
    mantissa = f"{rounded.scaleb(-power):.{max(0, min(power - at, 16))}f}"
    return f"{mantissa}×10{str(power).translate(_SUPERSCRIPTS)}"


def with_unit(text: str, unit: Unit) -> str:
    """``text`` with its unit after a no-break space (a ratio's × is attached)."""
    if not unit.symbol or text == MISSING:
        return text
    return text + ("" if unit.symbol in ATTACHED else SPACE) + unit.symbol


def parse(text: str) -> float:
    """The number that a text of ``figure`` shows; the inverse up to rounding. Raises ``ValueError``."""
    mantissa, _, power = text.translate(_PLAIN).replace(",", "").partition("×10")
    return float(f"{mantissa}e{power or 0}")
