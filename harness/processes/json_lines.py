"""Messages between our processes: a dataclass as one line of JSON, and back."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


def dump(message: object) -> bytes:
    """``message`` as one line of JSON, with its line end."""
    return _adapter(type(message)).dump_json(message) + b"\n"


def load(kind: type[T], line: bytes) -> T:
    """The message in ``line``. Raises ``pydantic.ValidationError`` where it is none of its ``kind``."""
    found: T = _adapter(kind).validate_json(line)
    return found


def _adapter(kind: type) -> TypeAdapter[Any]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


_ADAPTERS: dict[type, TypeAdapter[Any]] = {}
"""Made once for each kind, which takes milliseconds."""
