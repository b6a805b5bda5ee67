"""What a printed figure leaves open: the numbers that its source would have printed the same way."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from .figure import Figure
from .quantities import Equivalence, Quantity, source_unit

APPROXIMATE_PLACES = Decimal(2)
"""How many units of the last printed digit *about* may be off."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """A closed interval in base units (see ``harness.units``); an end may be infinite."""

    low: float
    high: float

    def meets(self, other: Bounds) -> bool:
        """Whether some number lies in both."""
        slack = 1e-12 * max((abs(end) for end in self.ends + other.ends if math.isfinite(end)), default=0.0)
        return self.low <= other.high + slack and other.low <= self.high + slack

    @property
    def ends(self) -> tuple[float, float]:
        return self.low, self.high

    @property
    def middle(self) -> float:
        """The middle; a finite end where the other is infinite."""
        if math.isinf(self.low) or math.isinf(self.high):
            return self.high if math.isinf(self.low) else self.low
        return (self.low + self.high) / 2


def tolerance(printed: str, *, approximate: bool, exact: bool) -> Decimal:
    """How far the true number may be from the printed one: half a unit of its last digit, two where *about*."""
    exponent = Decimal(printed).as_tuple().exponent
    step = Decimal(1).scaleb(int(exponent))
    if approximate:
        return APPROXIMATE_PLACES * step
    return Decimal(0) if exact else step / 2


def each(figure: Figure, quantity: Quantity) -> tuple[Bounds, ...]:
    """What each printed number of ``figure`` may stand for."""
    scale = source_unit(figure.unit).scale
    spreads = [_spread(printed, figure, quantity) for printed in figure.printed]
    return tuple(Bounds(float(low) * scale, float(high) * scale) for low, high in spreads)


def around(figure: Figure, quantity: Quantity) -> tuple[Bounds, ...]:
    """The numbers that ``figure`` may stand for, ignoring its limit; several where it names alternatives."""
    found = each(figure, quantity)
    if figure.range is None:
        return found
    return (Bounds(min(end.low for end in found), max(end.high for end in found)),)


def allowed(figure: Figure, quantity: Quantity) -> tuple[Bounds, ...]:
    """What a figure says about the quantity: an interval, a half line for a limit, a side for a direction."""
    if figure.direction is not None:
        return (_side(figure, quantity),)
    found = around(figure, quantity)
    if figure.limit is None:
        return found
    printed = float(Decimal(figure.printed[0])) * source_unit(figure.unit).scale
    return {
        "below": (Bounds(-math.inf, printed),),
        "at_most": (Bounds(-math.inf, found[0].high),),
        "at_least": (Bounds(found[0].low, math.inf),),
        "above": (Bounds(printed, math.inf),),
    }[figure.limit]


def any_meet(left: Iterable[Bounds], right: Iterable[Bounds]) -> bool:
    """Whether an alternative of one side meets one of the other."""
    others = tuple(right)
    return any(one.meets(other) for one in left for other in others)


def margin(equivalence: Equivalence | None, scale: float) -> tuple[float, float]:
    """An equivalence as (share, base units); zero where there is none."""
    if equivalence is None:
        return 0.0, 0.0
    return equivalence.relative or 0.0, (equivalence.absolute or 0.0) * scale


def _spread(printed: str, figure: Figure, quantity: Quantity) -> tuple[Decimal, Decimal]:
    off = tolerance(printed, approximate=figure.approximate, exact=quantity.exact)
    return Decimal(printed) - off, Decimal(printed) + off


def _side(figure: Figure, quantity: Quantity) -> Bounds:
    share, absolute = margin(quantity.equivalence, source_unit(quantity.unit).scale)
    near = max(share, absolute)
    return {
        "less": Bounds(-math.inf, 0.0),
        "equal": Bounds(-near, near),
        "greater": Bounds(0.0, math.inf),
    }[figure.direction or "equal"]
