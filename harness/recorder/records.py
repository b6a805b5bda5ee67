"""What a journal's records say, as JSON under a tag: ``{"run":{...}}``.

The first record is the ``Header``; a ``Stratum`` opens wherever the circumstances changed in the middle; ``Withdrawn``
makes room for runs that are measured again; every other record is a ``Run``. Text that is not Unicode (a lone
surrogate, which JSON can smuggle in) cannot be stored as UTF-8: each such code unit is stored as U+FFFD. Everything
else comes back exactly as it was.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from ..datasets.manifest import Code, ModelEntry
from ..design import Value
from ..errors import JournalCorrupt, SchemaUnknown
from ..events import Run, Scalar


@dataclass(frozen=True, slots=True)
class Header:
    """What is recorded, with what, where. ``planned`` holds the id of every run of the matrix, in order.

    ``journal_id`` is a UUID as hex, ``design`` the study's canonical form, ``created`` an ISO 8601 time.
    """

    journal_id: str
    study: str
    title: str
    fingerprint: str
    design: dict[str, object]
    profile: str
    only: dict[str, list[Value]]
    order_seed: int
    planned: tuple[str, ...]
    code: Code
    environment: dict[str, Scalar]
    models: tuple[ModelEntry, ...]
    calibration: str | None
    created: str


@dataclass(frozen=True, slots=True)
class Stratum:
    """From here on the circumstances are these; ``reason`` says what differs. The header's own is number 0."""

    number: int
    environment: dict[str, Scalar]
    code: Code
    reason: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Runs recorded above that are measured again because they failed; what they were stays in the journal."""

    runs: tuple[str, ...]


Record = Header | Stratum | Withdrawn | Run

_CONFIG = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
_HEADER: TypeAdapter[tuple[Header]] = TypeAdapter(tuple[Header], config=_CONFIG)
_STRATUM: TypeAdapter[tuple[Stratum]] = TypeAdapter(tuple[Stratum], config=_CONFIG)
_RUN: TypeAdapter[tuple[Run]] = TypeAdapter(tuple[Run], config=_CONFIG)
_WITHDRAWN: TypeAdapter[tuple[Withdrawn]] = TypeAdapter(tuple[Withdrawn], config=_CONFIG)
_ADAPTERS: dict[
    str,
    TypeAdapter[tuple[Header]] | TypeAdapter[tuple[Stratum]] | TypeAdapter[tuple[Withdrawn]] | TypeAdapter[tuple[Run]],
] = {
    "header": _HEADER,
    "stratum": _STRATUM,
    "withdrawn": _WITHDRAWN,
    "run": _RUN,
}
_TAGS: dict[type[Record], str] = {
    Header: "header",
    Stratum: "stratum",
    Withdrawn: "withdrawn",
    Run: "run",
}


def encode(record: Record) -> bytes:
    """The record as JSON under its tag. Raises ``ValueError`` for NaN, infinities and what is no JSON at all."""
    text = json.dumps({_TAGS[type(record)]: record}, default=_plain, allow_nan=False, ensure_ascii=False)
    return _unicode(text).encode()


def decode(payload: bytes) -> Record:
    """The record that ``encode`` was given. Raises ``SchemaUnknown`` for another tag, ``JournalCorrupt``."""
    tag, colon, body = payload.partition(b": ")
    name = tag.removeprefix(b'{"').removesuffix(b'"').decode("ascii", "backslashreplace")
    if not colon or name not in _ADAPTERS:
        raise SchemaUnknown(f"a journal has a record of unknown kind {name[:40]!r}; use the version that wrote it")
    try:
        (record,) = _ADAPTERS[name].validate_json(b"[" + body[:-1] + b"]")
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:])
        raise JournalCorrupt(
            f"a {name} record is not one ({where}: {first['msg']}); use the version that wrote it"
        ) from None
    return record


def _plain(value: object) -> object:
    """The parts of a record that JSON does not know, as parts that it knows."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, BaseModel):
        return value.model_dump()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be recorded")


def _unicode(text: str) -> str:
    """``text`` with U+FFFD for every lone surrogate."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
