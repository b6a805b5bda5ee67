"""Manifests of earlier versions of the schema, read as today's: one step a version, in memory, never on disk.

The bytes of a sealed manifest are its identity, so nothing is ever rewritten. A step gives a manifest the fields that
its next version has; ``schema_version`` stays what the file states, for its tables are verified against that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..errors import SchemaUnknown
from .schema import SCHEMA_VERSION

Fields = dict[str, object]


def _recordings(fields: Fields) -> Fields:
    """1 → 2: a dataset may be the recording of one session."""
    return {"recording": None, "session": None, **fields}


def _unchanged(fields: Fields) -> Fields:
    """2 → 3: tables alone grew."""
    return fields


MIGRATIONS: Mapping[int, Callable[[Fields], Fields]] = {1: _recordings, 2: _unchanged}
"""From each version of the schema to the next."""


def stated_version(fields: object) -> int:
    """The schema version that a manifest states. Raises ``ValueError`` where it states none."""
    number = fields.get("schema_version") if isinstance(fields, dict) else None
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise ValueError("it states no schema version")
    return number


def migrate(fields: Fields, place: object) -> Fields:
    """The fields of a manifest as today's code reads them. ``place`` names it in errors.

    Raises ``ValueError`` where it states no version, ``SchemaUnknown`` where that is newer than this code.
    """
    number = stated_version(fields)
    if number > SCHEMA_VERSION:
        raise SchemaUnknown(
            f"{place} has schema version {number}, this version reads up to {SCHEMA_VERSION}; update Bindery"
        )
    for step in range(number, SCHEMA_VERSION):
        fields = MIGRATIONS[step](fields)
    return fields
