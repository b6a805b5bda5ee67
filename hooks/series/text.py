"""Texts of the registry: words, cited figures, declared literals, references to reports, code.

    {tr110.peak_efficiency}   a cited figure by id      {11434|setting}   a literal and its kind
    {@tr110}                  a report                  {=#[tokio::main]} code

A digit anywhere else is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..literals import has_number
from ..markup import LiteralKind

_PIECE = re.compile(r"\{([^{}]*)\}")
_FIGURE = re.compile(r"(index|tr\d{3}(-agents)?)\.[a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Words:
    """Text as typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A cited figure."""

    figure: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A number that is no measurement."""

    text: str
    kind: LiteralKind


@dataclass(frozen=True, slots=True)
class Report:
    """A reference to a report."""

    report: str


@dataclass(frozen=True, slots=True)
class Code:
    """Code as typed."""

    text: str


Part = Words | Quote | Literal | Report | Code


def parse(text: str) -> tuple[Part, ...]:
    """The parts of ``text``. Raises ``ValueError`` for a typed number or a placeholder that means nothing."""
    return tuple(_parts(text))


def _parts(text: str) -> Iterator[Part]:
    for index, piece in enumerate(_PIECE.split(text)):
        if index % 2:
            yield _placeholder(piece, text)
        elif has_number(piece):
            raise ValueError(f"{text!r} has a typed number in {piece.strip()!r}; cite it or declare it")
        elif piece:
            yield Words(piece)


def _placeholder(piece: str, text: str) -> Part:
    if piece.startswith("="):
        return Code(piece[1:])
    if piece.startswith("@"):
        return Report(piece[1:])
    literal, bar, kind = piece.rpartition("|")
    if bar and kind in {str(known) for known in LiteralKind}:
        return Literal(literal, LiteralKind(kind))
    if _FIGURE.fullmatch(piece):
        return Quote(piece)
    raise ValueError(f"{text!r} has a placeholder {{{piece}}} that is no figure, literal, report or code")
