"""The fields of a decoded object, asked for by name and type; a wrong type is an error that names its place."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import DataError
from ..events import Scalar
from ..recorder.pack_members import opened
from .json_reader import JsonReader
from .source import Source, shown

LARGEST = 1e15
"""No time, count or rate of a benchmark is larger; times in nanoseconds since 1970 are asked for as ``stamp_ns``."""
LATEST_NS = 1 << 62
_FRACTIONS = {float}
_LARGEST_SETTING = 10**60
"""Seeds have more than 64 bits, and none has more digits than an error quotes."""


class Naming:
    """A block whose ``ValueError`` becomes the error of an object."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Fields) -> None:
        self._fields = fields

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ValueError):
            raise self._fields.wrong("", str(error)) from None


class Fields:
    """An object at a ``place`` of a file. An absent field is as one that is null."""

    __slots__ = ("_found", "_name", "_outer", "source")

    def __init__(self, found: object, source: Source, place: str, outer: Fields | None = None) -> None:
        """``place`` is that within ``outer``, where there is one."""
        self.source, self._name, self._outer = source, place, outer
        if not isinstance(found, dict):
            raise self.wrong("", f"it is {shown(found)}, an object is expected")
        self._found: dict[str, Any] = found

    @property
    def place(self) -> str:
        """Where the object stands in the file."""
        return self._name if self._outer is None else self._outer.inside(self._name)

    def __contains__(self, name: str) -> bool:
        return self._found.get(name) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def raw(self, name: str) -> Any:
        """Whatever stands there."""
        return self._found.get(name)

    def number(self, name: str) -> float | None:
        """A finite number, or null. Raises ``DataError``."""
        return self._number(self._found.get(name), name)

    def amount(self, name: str) -> float | None:
        """A time, a rate or another number that cannot be below zero, or null. Raises ``DataError``."""
        found = self.number(name)
        if found is not None and found < 0:
            raise self.wrong(name, f"it is {shown(self.raw(name))}, which is below zero")
        return found

    def whole(self, name: str) -> int | None:
        """A whole number of at least zero, or null. Raises ``DataError``."""
        found = self.number(name)
        if found is None:
            return None
        if found < 0 or found != int(found):
            raise self.wrong(name, f"it is {shown(self.raw(name))}, a count is expected")
        return int(found)

    def stamp_ns(self, name: str) -> int | None:
        """Nanoseconds since 1970, or null. Raises ``DataError``."""
        found = self._found.get(name)
        return None if found is None else self.checked_stamp(found, name)

    def checked_stamp(self, found: object, name: str) -> int:
        """``found`` as nanoseconds since 1970. Raises ``DataError``."""
        if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found < LATEST_NS:
            raise self.wrong(name, f"it is {shown(found)}, nanoseconds since 1970 are expected")
        return found

    def date_ns(self, name: str) -> int | None:
        """Nanoseconds from 1970 to a date and time, of UTC where it names no zone; or null. Raises ``DataError``."""
        text = self.text(name)
        try:
            found = datetime.fromisoformat(text) if text else None
        except ValueError:
            raise self.wrong(name, f"it is {shown(text)}, a time is expected") from None
        if found is None:
            return None
        seconds = int(found.replace(tzinfo=found.tzinfo or UTC).timestamp())
        if not 0 <= seconds * 10**9 < LATEST_NS:
            raise self.wrong(name, f"it is {shown(text)}, when no benchmark ran")
        return seconds * 10**9

    def text(self, name: str) -> str | None:
        """A text, or null; what is not Unicode is replaced. Raises ``DataError``."""
        found = self._found.get(name)
        if found is None:
            return None
        if not isinstance(found, str):
            raise self.wrong(name, f"it is {shown(found)}, a text is expected")
        return unicode(found)

    def scalar(self, name: str) -> Scalar:
        """A text, a number, a truth value or null; anything else is null. Raises ``DataError`` for too large a one."""
        found = self._found.get(name)
        if isinstance(found, str):
            return unicode(found)[:200]
        if isinstance(found, bool) or found is None:
            return found
        if isinstance(found, int):
            if abs(found) > _LARGEST_SETTING:
                raise self.wrong(name, f"it is {shown(found)}, which no benchmark has")
            return found
        return self.number(name) if isinstance(found, float) else None

    def flag(self, name: str) -> bool:
        """A truth value; false where it is absent. Raises ``DataError``."""
        found = self._found.get(name)
        if found is None:
            return False
        if not isinstance(found, bool):
            raise self.wrong(name, f"it is {shown(found)}, true or false is expected")
        return found

    def fields(self, name: str) -> Fields:
        """An object; an empty one where it is absent. Raises ``DataError``."""
        found = self._found.get(name)
        return Fields({} if found is None else found, self.source, name, self)

    def entries(self, name: str) -> Sequence[Any]:
        """A list; an empty one where it is absent. Raises ``DataError``."""
        found = self._found.get(name)
        if found is None:
            return ()
        if not isinstance(found, list):
            raise self.wrong(name, f"it is {shown(found)}, a list is expected")
        return found

    def numbers(self, name: str) -> Sequence[float]:
        """A list of finite numbers. Raises ``DataError``."""
        found = self.entries(name)
        if plain_numbers(found):
            return found
        return [self._required(one, f"{name}[{place}]") for place, one in enumerate(found)]

    def wrong(self, name: str, what: str) -> DataError:
        """The error of a field."""
        return self.source.wrong(self.inside(name) if name else self.place, what)

    def naming(self) -> Naming:
        """Makes of a ``ValueError`` the error of this object."""
        return Naming(self)

    def inside(self, name: str) -> str:
        """The place of a field."""
        return f"{self.place}.{name[:60]}"

    def _required(self, found: object, name: str) -> float:
        number = self._number(found, name)
        if number is None:
            raise self.wrong(name, "it is null, a number is expected")
        return number

    def _number(self, found: object, name: str) -> float | None:
        if found is None or (type(found) is float and -LARGEST <= found <= LARGEST):
            return found
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise self.wrong(name, f"it is {shown(found)}, a number is expected")
        try:
            number = float(found)
        except OverflowError:
            number = math.inf
        if not abs(number) <= LARGEST:
            raise self.wrong(name, f"it is {shown(found)}, which no benchmark measures")
        return number


def plain_numbers(found: Sequence[Any]) -> bool:
    """Whether these are numbers, and each one that a benchmark measures."""
    return set(map(type, found)) <= {int, float} and (not found or (min(found) >= -LARGEST and max(found) <= LARGEST))


def plain_array(found: object) -> npt.NDArray[np.float64] | None:
    """A list as an array where it is as most are: of numbers with a fraction, each one that a benchmark measures."""
    if type(found) is not list or set(map(type, found)) != _FRACTIONS:
        return None
    numbers = np.array(found, np.float64)
    return numbers if numbers.min() >= -LARGEST and numbers.max() <= LARGEST else None


def read_object(source: Source, place: str) -> Fields:
    """The one object that a file is, called ``place`` in errors. Raises ``DataError``."""
    with opened(source.path) as file:
        reader = JsonReader(file, source)
        if reader.peek() != "{":
            raise source.wrong(place, "an object is expected")
        found = {name: reader.value() for name in reader.members()}
        reader.end()
    return Fields(found, source, place)


def unicode(text: str) -> str:
    """``text`` with U+FFFD for what is not Unicode, such as a lone surrogate."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
