"""What an agent process hears and says: one line of JSON for each task, one line of JSON for each event.

All times are ``CLOCK_MONOTONIC`` in nanoseconds, absolute. A chunk carries the bytes of the body as they were read, and
not what the agent made of them: all agents' streams are decoded by the code that decodes those of plain requests.
A stamp is taken when bytes are handed over, before any parsing. Events of a call are written when it has ended, so that
writing them delays no stamp; a ``live`` task writes each at once.
"""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import ConfigDict, Discriminator, Field, TypeAdapter, ValidationError

from ..outcomes import Code
from ..protocols import Deadlines

MOST_LINE = 1 << 20
"""Bytes of the longest line that an agent may write."""

Count: TypeAlias = Annotated[int, Field(ge=0, lt=1 << 63)]
"""A stamp or a size: what a dataset can hold."""


@dataclass(frozen=True, slots=True)
class CallOrder:
    """One call: a ``prompt`` with the places ``{summary}`` and ``{answer}``, and the JSON ``body`` without a prompt."""

    prompt: str
    body: str


@dataclass(frozen=True, slots=True)
class Order:
    """One task: begin at ``planned_ns``, read the files of the folder ``corpus``, then make the ``calls`` in turn.

    The server is at ``host`` (an address) and ``port``. ``content`` is the key of a stream's records that holds text,
    ``done`` the key that is true in its last one.
    """

    task: int
    planned_ns: int
    corpus: str
    host: str
    port: int
    path: str
    content: str
    done: str
    calls: tuple[CallOrder, ...]
    deadlines: Deadlines
    live: bool = False


@dataclass(frozen=True, slots=True)
class Ready:
    """The process can take tasks; ``runtime`` and ``client`` are what it says of itself, with their versions."""

    event: Literal["started"]
    at: Count
    runtime: str
    client: str


@dataclass(frozen=True, slots=True)
class Began:
    """The task has begun."""

    event: Literal["began"]
    task: int
    at: Count


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file was read whole."""

    event: Literal["ingested"]
    task: int
    at: Count
    file: str
    sha256: str
    bytes: Count


@dataclass(frozen=True, slots=True)
class CallPlanned:
    """A call begins; ``sha256`` is that of its prompt in UTF-8."""

    event: Literal["call_planned"]
    task: int
    at: Count
    sha256: str


@dataclass(frozen=True, slots=True)
class Connected:
    """The connection stands."""

    event: Literal["connected"]
    task: int
    at: Count


@dataclass(frozen=True, slots=True)
class Sent:
    """The request goes out."""

    event: Literal["sent"]
    task: int
    at: Count


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes of the body that one read brought, without the framing of HTTP, in Base64."""

    event: Literal["chunk"]
    task: int
    at: Count
    data: str

    @property
    def body(self) -> bytes:
        """The bytes. Raises ``ValueError``."""
        return b64decode(self.data, validate=True)


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The response has ended. ``code`` says what went wrong on the way, ``None`` that nothing did.

    ``head_ns`` is when its first byte came; ``largest_read`` the most bytes of a read, where the client can tell.
    """

    event: Literal["call_ended"]
    task: int
    at: Count
    status: Count | None
    code: Code | None
    detail: str
    head_ns: Count | None
    largest_read: Count | None


@dataclass(frozen=True, slots=True)
class TaskEnded:
    """The task has ended; ``code`` is ``None`` where the agent has its report, the ``text``."""

    event: Literal["finished"]
    task: int
    at: Count
    code: Code | None
    detail: str
    text: str


OfTask: TypeAlias = Began | FileRead | CallPlanned | Connected | Sent | Chunk | CallEnded | TaskEnded
Said: TypeAlias = Ready | OfTask

_ALL_SAID: TypeAdapter[list[Said]] = TypeAdapter(
    list[Annotated[Said, Discriminator("event")]], config=ConfigDict(defer_build=True)
)
"""Built when the first agent says that it is ready: most runs have none."""


def heard(lines: list[bytes]) -> list[Said]:
    """The events in ``lines``. Raises ``ValueError``, which names the event and the field, where one is none."""
    try:
        return _ALL_SAID.validate_json(b"[" + b",".join(lines) + b"]")
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"][1:]))
        raise ValueError(f"{where}: {first['msg']}" if where else first["msg"]) from None
