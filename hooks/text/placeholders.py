"""Texts with placeholders in braces: words without a digit, literals such as ``{512|setting}``, and what else is meant.

What else a placeholder may be is for the kind of text to say: a claim's sentence cites values, the registry of the
series cites figures and reports.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from harness.errors import UsageError

from .escaping import LiteralKind, refuse_measurement
from .numbers import has_number

T = TypeVar("T")
_PIECE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Words:
    """Text as typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A number that is no measurement, declared as what it is."""

    text: str
    kind: LiteralKind


def parts(
    text: str, other: Callable[[str], T | None], means: str, *, dated: bool = False
) -> Iterator[Words | Literal | T]:
    """The parts of ``text``; ``other`` reads a placeholder that is no literal, and gives null for one unknown to it.

    A ``dated`` text may say what a page showed at its date, as in ``{21 ms|published}``. Raises ``UsageError`` for a
    typed number, and for a placeholder that means nothing: ``means`` says what it could.
    """
    pieces = _PIECE.split(text)
    for index, piece in enumerate(pieces):
        if index % 2:
            found = other(piece) or _literal(piece, pieces[index + 1], dated=dated)
            if found is None:
                raise UsageError(f"{text!r} has a placeholder {{{piece}}} that is neither {means} nor a literal")
            yield found
        elif has_number(piece):
            raise UsageError(f"{text!r} has a typed number in {piece.strip()!r}; bind it, cite it or declare it")
        elif piece:
            yield Words(piece)


def _literal(piece: str, after: str, *, dated: bool) -> Literal | None:
    text, bar, kind = piece.rpartition("|")
    if not bar or kind not in set(LiteralKind):
        return None
    refuse_measurement(text, LiteralKind(kind), after, dated=dated)
    return Literal(text, LiteralKind(kind))
