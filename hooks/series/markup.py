"""Texts of the registry: words, cited figures, declared literals, references to reports, code.

    {tr110.peak_efficiency}   a cited figure by id      {11434|setting}   a literal and its kind
    {@tr110}                  a report                  {=#[tokio::main]} code

A digit anywhere else is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from harness.errors import UsageError

from ..text import placeholders
from ..text.placeholders import Literal, Words

_FIGURE = re.compile(r"(index|tr\d{3}(-agents)?)\.[a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Quote:
    """A cited figure."""

    figure: str


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
    try:
        return tuple(placeholders.parts(text, _reference, "a figure, a report, code"))
    except UsageError as error:
        raise ValueError(str(error)) from None


def _reference(piece: str) -> Quote | Report | Code | None:
    if piece.startswith("="):
        return Code(piece[1:])
    if piece.startswith("@"):
        return Report(piece[1:])
    return Quote(piece) if _FIGURE.fullmatch(piece) else None
