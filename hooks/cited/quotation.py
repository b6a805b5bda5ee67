"""A cited figure as values: what a page shows of it, with the digits of its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ..content.blocks import Form
from ..values.value import Value, cited
from .figure import Figure
from .quantities import Quantity, source_unit

SOURCE = "Technical Reports Index"
LIMITS = {"below": "<", "at_most": "≤", "at_least": "≥", "above": ">"}
DIRECTIONS = {"less": "less", "equal": "no difference", "greater": "more"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A value of a quotation, and whether its unit is written."""

    value: Value
    form: Form


Piece = str | Shown


def quoted_values(figure: Figure, quantity: Quantity) -> tuple[Value, ...]:
    """One value per printed number, status *cited*, named after the figure."""
    places = dict.fromkeys(place.shown for place in figure.places)
    source = f"{SOURCE}: {'; '.join(places)}"
    ends = ("low", "high") if figure.range else tuple(map(str, range(1, len(figure.printed) + 1)))
    names = [figure.id] if len(figure.printed) == 1 else [f"{figure.id}.{end}" for end in ends]
    return tuple(
        cited(
            float(Decimal(printed)),
            source_unit(figure.unit),
            source,
            _decimals(printed),
            name=name,
            definition=f"{quantity.name}: {quantity.definition} (statistic: {figure.statistic})",
        )
        for printed, name in zip(figure.printed, names, strict=True)
    )


def quotation(figure: Figure, quantity: Quantity) -> tuple[Piece, ...]:
    """The figure for running text: its numbers with sign, *about* and dash, its unit once. A direction is a word."""
    if figure.direction:
        return (DIRECTIONS[figure.direction],)
    return tuple(_pieces(figure, quoted_values(figure, quantity)))


def statement(figure: Figure, quantity: Quantity) -> tuple[Piece, ...]:
    """The figure for a table: as ``quotation``, with the sign of its limit in front."""
    return (*((f"{LIMITS[figure.limit]} ",) if figure.limit else ()), *quotation(figure, quantity))


def _pieces(figure: Figure, values: tuple[Value, ...]) -> Iterator[Piece]:
    if figure.approximate:
        yield "~"
    for index, (value, printed) in enumerate(zip(values, figure.printed, strict=True)):
        if index:
            yield "–" if figure.range else "/"
        elif printed.startswith("+"):
            yield "+"
        yield Shown(value, "text" if index == len(values) - 1 else "figure")


def _decimals(printed: str) -> int:
    return max(0, -int(Decimal(printed).as_tuple().exponent))
