"""Decodes JSON fast, and exactly: a name stands once in an object, and a whole number stays one however long it is.

orjson keeps the last of two members of one name and makes a float of a whole number of more than 64 bits. What it
decoded counts only where neither can be: where it has as many colons as the text, once it is JSON again, and the text
has no number that long, and no colon as an escape. Anything else the standard library decodes, or refuses.
"""

from __future__ import annotations

import json
from typing import Any

import orjson

from .source import shown

_BEFORE = b"\t\n\r,:["
_SHAPES = bytes.maketrans(b"123456789" + _BEFORE, b"0" * 9 + b" " * len(_BEFORE))
_COLONS = (b"\\u003a", b"\\u003A")
"""Colons in texts that stand there in another way, and would make up for one that is lost."""
_LONG, _LONG_BELOW_ZERO = b" " + b"0" * 20, b"-" + b"0" * 19
"""What numbers of more than 64 bits begin with, and what stands before them, where each digit is a zero and each
character that can stand before a number is a space."""


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
    data = text.encode()
    shapes = data.translate(_SHAPES)
    if shapes.rfind(_LONG) >= 0 or shapes.rfind(_LONG_BELOW_ZERO) >= 0 or shapes.startswith(_LONG[1:]):
        return False
    if b"\\" in data and any(colon in data for colon in _COLONS):
        return False
    try:
        return orjson.dumps(found).count(b":") == data.count(b":")
    except (TypeError, ValueError, RecursionError):
        return False
