"""The rows of a report: combinations of levels in the study's order, each with the names that tables give it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from string import Formatter
from typing import Generic, TypeVar

from harness.errors import UnknownName

from ..content.blocks import Cell, Column, Lit
from ..text.naming import slug
from ..values.evidence import Level
from .agents.gpu_layers import called
from .report_builder import Draft
from .sentence_names import Names

Kinds = Mapping[str, str]
"""What the levels of a factor are as literals (``text.escaping.LiteralKind``); those not named are identifiers."""

Headings = Mapping[str, str]
"""What heads a name, where that is not the name itself."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one line is about: levels by factor, and the cells that name it."""

    where: Mapping[str, Level]
    names: Names

    def text(self, label: str) -> str:
        """``label`` with its names in place, such as ``{arm} {precision}``. Raises ``UnknownName``."""
        words = {name: cell.text if isinstance(cell, Lit) else cell for name, cell in self.names.items()}
        for name in names_in(label):
            if name not in words:
                raise UnknownName("name of a row", name, words)
        return label.format_map(words)

    def slug(self, *names: str) -> str:
        """Its levels by factor, and its other names, as one part of the name of a finding or claim; levels are spelled
        as in the study, whatever they are called. Raises ``UnknownName``."""
        return slug(
            " ".join(slug(self.where[name]) if name in self.where else self.text(f"{{{name}}}") for name in names)
        )


def names_in(label: str) -> tuple[str, ...]:
    """The names that a label such as ``{arm} {precision}`` shows."""
    return tuple(name for _, name, _, _ in Formatter().parse(label) if name is not None)


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Rows(Generic[R]):
    """Rows with the names that head their tables."""

    draft: Draft
    names: tuple[str, ...]
    lines: tuple[R, ...]
    headings: Headings = field(default_factory=dict)
    kinds: Kinds = field(default_factory=dict)

    def __iter__(self) -> Iterator[R]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)

    def heading(self, name: str) -> str:
        """What heads a name."""
        return self.headings.get(name) or self.draft.study.heading(name)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that name the rows."""
        return tuple(Column(self.heading(name)) for name in self.names)

    def cells(self, row: R) -> tuple[Cell, ...]:
        """The cells that name a row, one for each of ``columns``."""
        return tuple(row.names[name] for name in self.names)

    def keep(self, wanted: Callable[[R], bool]) -> Rows[R]:
        """The rows that are ``wanted``."""
        return replace(self, lines=tuple(filter(wanted, self.lines)))

    def at(self, /, **levels: Level) -> Rows[R]:
        """The rows at these levels. Raises ``UnknownName`` for a level that is not declared."""
        self.draft.demand_known(levels)
        return self.keep(lambda row: all(row.where.get(factor) == level for factor, level in levels.items()))

    def pinned(self: Rows[Row], levels: Mapping[str, Level]) -> Rows[Row]:
        """The same rows at these levels of further factors, which have no name."""
        return replace(self, lines=tuple(Row({**row.where, **levels}, row.names) for row in self))

    def named(self, *names: str) -> Rows[R]:
        """The same rows, named by fewer names or in another order."""
        return replace(self, names=names)

    def ended(self, outcome: str) -> Rows[R]:
        """The rows of which at least one run ended so."""
        return self.keep(lambda row: bool(self.draft.data.count("runs", row.where, outcome=outcome).number))

    def per(self: Rows[Row], factor: str, levels: Sequence[Level] | None = None) -> Rows[Row]:
        """The same combinations at every recorded level of another factor, or at ``levels`` of it, which comes first.

        Raises ``UnknownName`` for a factor or level that is not declared.
        """
        self.draft.demand_known({factor: levels or ()})
        chosen = self.draft.data.levels(factor) if levels is None else levels
        crossed = product(((level, literal(self.draft, factor, level, self.kinds)) for level in chosen), self)
        lines = tuple(
            Row({factor: level, **row.where}, {factor: named, **row.names}) for (level, named), row in crossed
        )
        return replace(self, names=(factor, *self.names), lines=lines)


def rows(draft: Draft, *factors: str, kinds: Kinds | None = None, headings: Headings | None = None) -> Rows[Row]:
    """The recorded combinations of the levels of ``factors``. Raises ``UnknownName`` for another factor."""
    draft.demand_known(dict.fromkeys(factors, ()))
    kinds = kinds or {}
    crossed = product(*(draft.data.levels(factor) for factor in factors))
    found = (dict(zip(factors, levels, strict=True)) for levels in crossed)
    lines = tuple(
        Row(where, {factor: literal(draft, factor, level, kinds) for factor, level in where.items()})
        for where in found
        if draft.data.count("runs", where).number
    )
    return Rows(draft, factors, lines, headings or {}, kinds)


def literal(draft: Draft, factor: str, level: Level, kinds: Kinds) -> Lit:
    """A level in the words of the study, as a declared literal; ``agents/gpu_layers.py`` says what they leave out."""
    return Lit(called(draft.data, draft.study, factor, level), kinds.get(factor, "identifier"))
