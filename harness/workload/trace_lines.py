"""A plain trace: one arrival a line, in seconds after the first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ..errors import UsageError


@dataclass(frozen=True, slots=True)
class Length:
    """Tokens of a prompt and of its answer."""

    prompt: int
    answer: int

    def times(self, scale: float) -> Length:
        """Both ``scale`` times as long, at least one token each."""
        return Length(max(1, round(self.prompt * scale)), max(1, round(self.answer * scale)))


class Arrival(NamedTuple):
    """A request by the line where it stands, with its time in seconds; ``length`` is null where the file has none."""

    line: int
    at: float
    length: Length | None


def number(found: object) -> float:
    """A number as files of numbers write it. Raises ``ValueError``, ``TypeError``, ``ArithmeticError``."""
    if isinstance(found, bool) or (isinstance(found, str) and ("_" in found or not found.isascii())):
        raise ValueError(found)
    if not isinstance(found, str | int | float):
        raise TypeError(found)
    return float(found)


def plain(path: Path, lines: Iterable[str]) -> Iterator[Arrival]:
    """The arrivals of a plain trace. Raises ``UsageError`` naming the line."""
    for line, text in enumerate(lines, start=1):
        if text.strip() and not (line == 1 and _is_header(text)):
            yield Arrival(line, _at(path, line, text), None)


def _is_header(text: str) -> bool:
    """Whether a first line names columns: what begins as a number or as JSON is an arrival, or a mistake."""
    begins = text.lstrip()[:1]
    if begins.isdecimal() or begins in "{+-.":
        return False
    try:
        number(text.split(",")[0])
    except ValueError:
        return True
    return False


def _at(path: Path, line: int, text: str) -> float:
    try:
        at = number(_told(text) if text.lstrip().startswith("{") else text.split(",")[0])
    except (ValueError, TypeError, ArithmeticError, RecursionError):
        raise UsageError(f"{path}, line {line}: no arrival time in seconds") from None
    if not 0 <= at < float("inf"):
        raise UsageError(f"{path}, line {line}: an arrival lies between the first and a finite time after it")
    return at


def _told(text: str) -> object:
    """The one ``at_s`` of an object. Raises ``ValueError``."""
    (found,) = [value for name, value in json.loads(text, object_pairs_hook=list) if name == "at_s"]
    return found
