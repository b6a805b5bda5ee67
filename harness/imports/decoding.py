"""Decodes JSON fast, and exactly: a name stands once in an object, and a whole number stays one however long it is.

orjson keeps the last of two members of one name and makes a float of a whole number of more than 64 bits. What it
decoded counts only where neither can be: where the objects have as many names as the text can hold, and no number of
an object is so large. Anything else the standard library decodes, or refuses.

The numbers of a list are not looked at: whoever reads them refuses one that is so large.
"""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

from .source import shown

_LONG = float(1 << 63)
_UNSURE = 1 << 62
"""More names than a text can hold."""
_BEHIND_A_NAME = re.compile(r':(?<=[" \t\n\r]:)(?<!(?<!\\)\\":)')
"""A colon behind a quotation mark or white space, but for one behind a mark that is part of a string."""
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"[ \t\n\r]*+(:?)')
"""A string, with the colon behind it where it is the name of a member."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of its members. Raises ``ValueError`` where two have one name."""
    found = dict(pairs)
    if len(found) < len(pairs):
        seen = set[str]()
        for name, _ in pairs:
            if name in seen:
                raise ValueError(f"the member {shown(name)} is there twice")
            seen.add(name)
    return found


def _no_constant(name: str) -> Any:
    """Refuses NaN and the infinities, which are no JSON."""
    raise ValueError(f"{name} is no number of JSON")


DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)
"""Exact, and slow."""


def decoded(text: str) -> Any:
    """What a text says that is one value. Raises ``ValueError``, ``RecursionError``."""
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return DECODER.decode(text)
    return found if is_exact(found, text) else DECODER.decode(text)


def as_tools_read(text: str) -> Any:
    """What a text says that a server sent and a tool kept: as tools read it, the last of two members of one name.

    Raises ``ValueError``, ``RecursionError``.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)


def said_of(error: json.JSONDecodeError) -> str:
    """What an error says of a text that is no JSON, without its place."""
    return f"it is no JSON, or cut short ({error.msg.removesuffix(' at')})"


def is_exact(found: object, text: str) -> bool:
    """Whether what orjson made of ``text`` is what stands there; false also where that is not certain."""
    if ":" not in text:
        return True
    try:
        names = _names(found)
    except RecursionError:
        return False
    colons = text.count(":")
    return (
        names == colons
        or names == colons - 2 * text.count("::")
        or names == len(_BEHIND_A_NAME.findall(text))
        or names == _STRING.findall(text).count(":")
    )


def _names(found: object) -> int:
    """The names of members that were found; too many where a number is so large that it may have been a whole one.

    Of a list, only one that begins with an object or a list is looked into, so that they may be too few.
    """
    names = 0
    if type(found) is dict:
        names = len(found)
        for value in found.values():
            kind = type(value)
            if kind is dict or kind is list:
                names += _names(value)
            elif kind is float and not -_LONG < value < _LONG:
                names += _UNSURE
    elif type(found) is list and found and type(found[0]) in (dict, list):
        for value in found:
            names += _names(value)
    return names
