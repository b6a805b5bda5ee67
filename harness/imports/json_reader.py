"""Reads JSON piece by piece, in little memory however large the file is.

Objects and lists are walked one member after another; each value below is decoded whole. One that takes more than
``MOST_CHARACTERS`` is refused. NaN and infinities are no JSON.

Of long lists and of lines, orjson decodes as many values at once as stand in memory. What it refuses, or may have
changed, the standard library decodes or refuses (``decoding``).
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson

from ..errors import DataError
from .decoding import DECODER, is_exact, said_of
from .source import Source, shown

MOST_CHARACTERS = 64 << 20
_READ = 1 << 20
_CLOSING = ("]", "}", '"')
_CUT = len("e+")
"""So much of a number may be left where memory ends, and what stands before it is a number too."""
_SPACE = re.compile(r"[ \t\n\r]*")
_BETWEEN = re.compile(r'[ \t\n\r]*,[ \t\n\r]*(?:[\["]|\{[ \t\n\r]*"[^"\\]{0,80}")?')
"""What stands between two values of a list, with how the second one begins."""


class JsonReader:
    """A cursor in a file of one or more JSON values. Everything raises ``DataError`` that names the line."""

    def __init__(self, file: BinaryIO, source: Source) -> None:
        self._file = io.TextIOWrapper(file, encoding="utf-8-sig", errors="strict", newline="")
        self._source = source
        self._text = ""
        self._at = 0
        self._ended = False
        self._line = 1
        self._counted = 0
        self._reads = 0

    def end(self) -> None:
        """Demands that nothing follows."""
        if self.peek():
            raise self.wrong("something follows the results")

    def peek(self) -> str:
        """The next character that is no white space; empty at the end of the file."""
        while True:
            character = self._text[self._at : self._at + 1]
            if character and character not in " \t\n\r":
                return character
            space = _SPACE.match(self._text, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def members(self) -> Iterator[str]:
        """The names in an object, each once. After each, its value is to be read, in whatever way."""
        seen = set[str]()
        for _ in self._inside("{", "}"):
            name = self.value() if self.peek() == '"' else None
            if not isinstance(name, str):
                raise self.wrong("the name of a member is expected")
            if name in seen:
                raise self.wrong(f"the member {shown(name)} is there twice")
            seen.add(name)
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
                found, end = DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                raise self.wrong("it is nested too deeply") from None
            except json.JSONDecodeError as error:
                if not self._more():
                    raise self._wrong_at(error.pos, said_of(error)) from None
            except ValueError as error:
                raise self.wrong(str(error).partition(";")[0]) from None
            else:
                length = end - self._at
                if end + _CUT < len(self._text) or not self._more():
                    self._at += length
                    return found

    def values(self) -> Iterator[Any]:
        """The values in a list, each decoded."""
        for some in self.batches():
            yield from some

    def batches(self) -> Iterator[list[Any]]:
        """The values in a list, each decoded; several at once where they stand in memory. No batch is empty."""
        between, undecided = "", -1
        for _ in self.items():
            some = self._at_once(between) if between and undecided != self._reads else None
            if some is None:
                undecided = self._reads if between else undecided
                some = [self.value()]
                between = self._between()
            yield some

    def lines(self) -> Iterator[tuple[int, Any]]:
        """The values up to the end of the file, each decoded, with the line where it begins; most often its own."""
        while self.peek():
            line = self.line()
            end = self._text.find("\n", self._at)
            yield line, self._to(end) if end >= 0 else self.value()

    def listed_or_lines(self) -> Iterator[tuple[int, Any]]:
        """The values of the one list that a file is, or those up to its end; each with the line where it begins."""
        if self.peek() == "[":
            for _ in self.items():
                self.peek()
                yield self.line(), self.value()
            self.end()
        yield from self.lines()

    def skip(self) -> None:
        """Passes over the next value, however large it is."""
        container = self.peek() in ("[", "{")
        try:
            end = DECODER.raw_decode(self._text, self._at)[1]
        except RecursionError:
            raise self.wrong("it is nested too deeply") from None
        except ValueError:
            self._walk()
        else:
            if container or end + _CUT < len(self._text):
                self._at = end
            else:
                self.value()

    def _between(self) -> str:
        """What stands between the value that was just read and the next one, with the character that closes it."""
        found = _BETWEEN.match(self._text, self._at)
        closing = self._text[self._at - 1 : self._at]
        return (closing if closing in _CLOSING else "") + found[0] if found else ""

    def _at_once(self, between: str) -> list[Any] | None:
        """The values up to the last ``between`` in memory, or to the end of the list; null where it cuts one.

        In brackets they are one list of JSON exactly when they are whole values of this list, as nothing of a value
        follows.
        """
        closed = between[0] in _CLOSING
        end = -1 if closed else self._text.find("]", self._at)
        if end < 0:
            end = self._text.rfind(between, self._at + 1) + closed
        if end <= self._at:
            return None
        text = self._text[self._at : end]
        try:
            found: list[Any] = orjson.loads(f"[{text}]")
        except orjson.JSONDecodeError:
            return None
        if not is_exact(found, text):
            return None
        self._at = end
        return found

    def _to(self, end: int) -> Any:
        """The value at the cursor, whose line was counted; it most often reaches to ``end``, where that line ends."""
        text = self._text[self._at : end]
        try:
            found = orjson.loads(text)
        except orjson.JSONDecodeError:
            return self.value()
        if not is_exact(found, text):
            return self.value()
        self._at = self._counted = end
        return found

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

    def line(self) -> int:
        """The number of the line at the cursor, from 1."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _wrong_at(self, at: int, what: str) -> DataError:
        line = self.line() + self._text.count("\n", self._at, at)
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
        self.line()
        try:
            read = self._file.read(max(_READ, rest))
        except UnicodeDecodeError:
            raise self.wrong("from here on it is no UTF-8") from None
        self._text = self._text[self._at :] + read
        self._at = self._counted = 0
        self._reads += 1
        self._ended = not read
        return not self._ended
