"""Settings of a study, which a person wrote, as typed data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from ..errors import StudyError
from .factor import Value, level_key

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


def parsed(kind: type[T], settings: Mapping[str, Value], what: str) -> T:
    """``settings`` as a ``kind``, a dataclass whose fields have their names; ``what`` names it in an error.

    Raises ``StudyError`` for an unknown name, with the nearest known one, and for a value that cannot be.
    """
    adapter = _adapter(kind)
    try:
        found: T = adapter.validate_python(dict(settings))
    except ValidationError as error:
        known = [field.name for field in fields(kind)]
        raise StudyError(_problem(error, settings, known, what)) from None
    return found


def _problem(error: ValidationError, settings: Mapping[str, Value], known: list[str], what: str) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0])
    if first["type"] == "unexpected_keyword_argument":
        near = get_close_matches(name, known, 1)
        return f"{what} has no setting {name}; " + (
            f"did you mean {near[0]}?" if near else f"it has {', '.join(known)}"
        )
    if first["type"] in ("missing", "missing_argument"):
        return f"{what} needs the setting {name}; add it as a factor or fix it"
    return f"{name} is {level_key(settings[name])}; {first['msg'][0].lower()}{first['msg'][1:]}"


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    """Made once for each kind, which takes milliseconds."""
    return TypeAdapter(kind)
