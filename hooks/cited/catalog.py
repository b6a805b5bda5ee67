"""Reads ``data/cited`` and checks it as a whole: unique ids, known quantities, units that fit, operands that exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.errors import UnknownName, UsageError

from ..text.strict_yaml import read_declaration
from .figure import CitedFile, Comparison, Figure
from .quantities import Quantity, QuantityFile, source_unit
from .source import read_source

QUANTITIES = "quantities.yml"
_FREE_OF_UNITS = frozenset({"ratio", "relative_change", "reduction"})


@dataclass(frozen=True, slots=True)
class Cited:
    """All cited figures by id, the quantities by id, the stated hardware by report."""

    figures: Mapping[str, Figure]
    quantities: Mapping[str, Quantity]
    hardware: Mapping[str, str]
    requires: Mapping[str, Mapping[str, str]]

    def __iter__(self) -> Iterator[Figure]:
        return iter(self.figures.values())

    def __len__(self) -> int:
        return len(self.figures)

    def figure(self, figure_id: str) -> Figure:
        """One figure. Raises ``UnknownName``."""
        if figure_id not in self.figures:
            raise UnknownName("cited figure", figure_id, self.figures)
        return self.figures[figure_id]

    def quantity(self, figure: Figure) -> Quantity:
        return self.quantities[figure.quantity]

    def of(self, report: str) -> tuple[Figure, ...]:
        """The figures that the source attributes to a report, or that stand in its entry."""
        return tuple(
            figure
            for figure in self
            if figure.report == report or any(place.report == report for place in figure.places)
        )


def load_cited(folder: Path) -> Cited:
    """All of ``folder``. Raises ``UsageError`` that names the file and the field at fault."""
    vocabulary = read_declaration(folder / QUANTITIES, QuantityFile)
    files = [read_declaration(path, CitedFile) for path in sorted(folder.glob("*.yml")) if path.name != QUANTITIES]
    found = assemble(vocabulary, files)
    read_source(folder).demand(found)
    return found


def assemble(vocabulary: QuantityFile, files: list[CitedFile]) -> Cited:
    """The catalogue of ``files``. Raises ``UsageError`` for a figure that does not fit the vocabulary or the others."""
    quantities = {quantity.id: quantity for quantity in vocabulary.quantities}
    if len(quantities) != len(vocabulary.quantities):
        raise UsageError(f"{QUANTITIES}: a quantity is declared twice; remove one")
    figures: dict[str, Figure] = {}
    for figure in (figure for file in files for figure in file.figures):
        if figure.id in figures:
            raise UsageError(f"the cited figure {figure.id} is declared twice; rename one")
        _check_quantity(figure, quantities)
        figures[figure.id] = figure
    _check_operands(figures)
    hardware = {file.report: file.hardware for file in files if file.report and file.hardware}
    return Cited(figures, quantities, hardware, vocabulary.requires)


def _check_quantity(figure: Figure, quantities: Mapping[str, Quantity]) -> None:
    quantity = quantities.get(figure.quantity)
    if quantity is None:
        raise UsageError(f"{figure.id}: quantity {figure.quantity!r} is not in {QUANTITIES}; declare it there")
    try:
        unit = source_unit(figure.unit)
    except ValueError as error:
        raise UsageError(f"{figure.id}: {error}") from None
    if unit.dims != (() if _is_free(figure.comparison) or figure.statistic == "cv" else quantity.dims):
        raise UsageError(f"{figure.id}: the unit {figure.unit!r} does not fit the quantity {quantity.id}")


def _is_free(comparison: Comparison | None) -> bool:
    return comparison is not None and comparison.operation in _FREE_OF_UNITS


def _check_operands(figures: Mapping[str, Figure]) -> None:
    for figure in figures.values():
        for operand in figure.computed_from.of if figure.computed_from else ():
            if isinstance(operand, str) and operand not in figures:
                raise UsageError(f"{figure.id} is computed from {operand}, which is not declared")
