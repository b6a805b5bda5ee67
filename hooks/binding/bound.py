"""A file with every marked text as its dataset gives it now, and which of them say something else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from harness.bounded_file import read_bounded
from harness.errors import BinderyError, UsageError

from .answers import Answers
from .asked import asked
from .markers import Marker, markers


@dataclass(frozen=True, slots=True)
class Stale:
    """A marked text that says something else than its dataset."""

    place: str
    says: str
    gives: str


@dataclass(frozen=True, slots=True)
class Bound:
    """A file as it is to be, with the number of its markers."""

    path: Path
    text: str
    number: int
    stale: tuple[Stale, ...]


def bound(path: Path, answers: Answers) -> Bound:
    """Answers every marker of a file. Raises ``UsageError`` naming file and line of one that cannot be."""
    try:
        text = read_bounded(path).decode()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}; name Markdown files that can be read") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is no UTF-8 text: {error}; save it as UTF-8") from None
    pieces: list[str] = []
    stale: list[Stale] = []
    found = list(markers(path, text))
    at = 0
    for marker in found:
        says, gives = text[marker.begin : marker.end], _answer(marker, answers)
        pieces += text[at : marker.begin], gives
        at = marker.end
        if says != gives:
            stale.append(Stale(marker.place, says, gives))
    return Bound(path, "".join((*pieces, text[at:])), len(found), tuple(stale))


def _answer(marker: Marker, answers: Answers) -> str:
    try:
        return answers.text(asked(marker.words))
    except BinderyError as error:
        raise UsageError(f"{marker.place}: {error}") from error
