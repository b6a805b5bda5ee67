"""Reads JSON piece by piece, in little memory however large the file is.

Objects and lists are walked one member after another; each value below is decoded whole by the standard library, which
is fast. One that takes more than ``MOST_CHARACTERS`` is refused. NaN and infinities are no JSON.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from ..errors import DataError
from .source import Source, shown

MOST_CHARACTERS = 64 << 20
_READ = 1 << 20
_SPACE = re.compile(r"[ \t\n\r]*")


class JsonReader:
    """A cursor in a file of one or more JSON values. Everything raises ``DataError`` that names the line."""

    def __init__(self, file: BinaryIO, source: Source) -> None:
        self._file = io.TextIOWrapper(file, encoding="utf-8-sig", errors="strict", newline="")
        self._source = source
        self._decoder = json.JSONDecoder(parse_constant=_no_constant)
        self._text = ""
        self._at = 0
        self._ended = False
        self._line = 1

    def end(self) -> None:
        """Demands that nothing follows."""
        if self.peek():
            raise self.wrong("something follows the results")

    def peek(self) -> str:
        """The next character that is no white space; empty at the end of the file."""
        while True:
            space = _SPACE.match(self._text, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def members(self) -> Iterator[str]:
        """The names in an object. After each, its value is to be read, in whatever way."""
        for _ in self._inside("{", "}"):
            name = self.value() if self.peek() == '"' else None
            if not isinstance(name, str):
                raise self.wrong("the name of a member is expected")
            self._take(":", "a colon after the name of a member")
            yield name

    def items(self) -> Iterator[int]:
        """The places in a list, from 0. At each, its value is to be read, in whatever way."""
        yield from self._inside("[", "]")

    def value(self) -> Any:
        """The next value, decoded."""
        if not self.peek():
            raise self.wrong("the file ends where a value is expected")
        while True:
            try:
                found, end = self._decoder.raw_decode(self._text, self._at)
            except RecursionError:
                raise self.wrong("it is nested too deeply") from None
            except json.JSONDecodeError as error:
                if not self._more():
                    raise self._wrong_at(error.pos, _said(error)) from None
            except ValueError as error:
                raise self.wrong(str(error).partition(";")[0]) from None
            else:
                if end < len(self._text) or not self._more():
                    self._at = end
                    return found

    def skip(self) -> None:
        """Passes over the next value, however large it is."""
        container = self.peek() in ("[", "{")
        try:
            end = self._decoder.raw_decode(self._text, self._at)[1]
        except RecursionError:
            raise self.wrong("it is nested too deeply") from None
        except ValueError:
            self._walk()
        else:
            if container or end < len(self._text):
                self._at = end
            else:
                self.value()

    def _walk(self) -> None:
        """Passes over a value that does not stand in memory as a whole, or is damaged."""
        inside = {"{": self.members, "[": self.items}.get(self.peek())
        if inside is None:
            self.value()
            return
        for _ in inside():
            self.skip()

    def wrong(self, what: str) -> DataError:
        """The error of what stands at the cursor."""
        return self._wrong_at(self._at, what)

    def _wrong_at(self, at: int, what: str) -> DataError:
        line = self._line + self._text.count("\n", 0, at)
        return self._source.wrong(f"line {line}", what)

    def _inside(self, begin: str, end: str) -> Iterator[int]:
        self._take(begin, f"{begin} is expected")
        place = 0
        while self.peek() != end:
            if place:
                self._take(",", "a comma or the end of a list or an object is expected")
            yield place
            place += 1
        self._at += 1

    def _take(self, character: str, what: str) -> None:
        found = self.peek()
        if found != character:
            raise self.wrong(f"{what}, and the file ends" if not found else f"{what}, not {shown(found)}")
        self._at += 1

    def _more(self) -> bool:
        """Reads on; false at the end of the file. What lies behind the cursor is dropped."""
        if self._ended:
            return False
        rest = len(self._text) - self._at
        if rest > MOST_CHARACTERS:
            raise self.wrong(f"one value has more than {MOST_CHARACTERS >> 20} million characters, or is damaged")
        self._line += self._text.count("\n", 0, self._at)
        try:
            read = self._file.read(max(_READ, rest))
        except UnicodeDecodeError:
            raise self.wrong("from here on it is no UTF-8") from None
        self._text = self._text[self._at :] + read
        self._at = 0
        self._ended = not read
        return not self._ended


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _said(error: json.JSONDecodeError) -> str:
    return f"it is no JSON, or cut short ({error.msg.rstrip(' at')})"
