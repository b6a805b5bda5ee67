"""From a refusal to what the server would accept: which field to leave out, or to call otherwise."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from .agreed import LIMIT, NEWER_LIMIT, OPTIONAL, Agreed

REFUSALS = (400, 404, 405, 406, 415, 422, 501)
"""Statuses by which servers refuse a request for what it asks."""


def adapted(agreed: Agreed, refusal: str, tried: tuple[Agreed, ...] = ()) -> Agreed | None:
    """The next form of a request after a server said ``refusal`` to ``agreed``; ``None`` when nothing is left to try.

    What the refusal names is changed first. One that names nothing costs the optional fields one by one.
    """
    named = [name for name in (*OPTIONAL, NEWER_LIMIT) if re.search(rf"\b{name}\b", refusal)]
    for candidate in (*_by_name(agreed, refusal, named), *_blindly(agreed)):
        if candidate != agreed and candidate not in tried:
            return candidate
    return None


def _by_name(agreed: Agreed, refusal: str, named: list[str]) -> Iterator[Agreed]:
    parameter = _parameter(refusal)
    sent = [name for name in _sent(agreed) if name in named]
    if LIMIT in named and NEWER_LIMIT in named:
        yield replace(agreed, limit=NEWER_LIMIT if agreed.limit == LIMIT else LIMIT)
    for name in [parameter] if parameter in sent else sent:
        if name == agreed.limit:
            yield replace(agreed, limit=NEWER_LIMIT if agreed.limit == LIMIT else LIMIT)
        else:
            yield without(agreed, name)


def _blindly(agreed: Agreed) -> Iterator[Agreed]:
    for name in _sent(agreed):
        if name != agreed.limit:
            yield without(agreed, name)
    yield replace(agreed, limit=NEWER_LIMIT if agreed.limit == LIMIT else LIMIT)


def without(agreed: Agreed, name: str) -> Agreed:
    """``agreed`` with one field less."""
    return replace(agreed, omitted=(*agreed.omitted, name))


def _sent(agreed: Agreed) -> tuple[str, ...]:
    names = (agreed.limit if name == LIMIT else name for name in OPTIONAL)
    return tuple(name for name in names if name not in agreed.omitted)


def _parameter(refusal: str) -> str:
    """The field that an error names as its ``param`` or at its ``loc``, as OpenAI's and FastAPI's do."""
    try:
        found = json.loads(refusal)
    except (ValueError, RecursionError):
        return ""
    return next(_names(found), "")


def _names(found: Any, depth: int = 0) -> Iterator[str]:
    if depth > 6:
        return
    if isinstance(found, dict):
        parameter, location = found.get("param"), found.get("loc")
        if isinstance(parameter, str):
            yield parameter.partition(".")[0]
        if isinstance(location, list):
            yield from (part for part in location if part in (*OPTIONAL, NEWER_LIMIT))
        for value in found.values():
            yield from _names(value, depth + 1)
    elif isinstance(found, list):
        for value in found:
            yield from _names(value, depth + 1)
