"""An agent under measurement: a program that has a task, asks a server for it more than once, and reports."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from ..design import Value
from ..events import Phase, Request, Settings
from ..outcomes import Outcome
from .call import Deadlines


@dataclass(frozen=True, slots=True)
class Address:
    """Where an agent reaches a server: its name in the run, its kind, its model, and the handle of ``Shareable``."""

    server: str
    backend: str
    model: str
    handle: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class TaskSpec:
    """What an agent is to do, once. ``planned_ns`` is absolute (``time.monotonic_ns``): it waits until then.

    ``kind`` names the work. Every call of it asks for ``max_tokens`` with ``temperature`` and ``ignore_eos``, call *k*
    with ``seed + k``. ``settings`` are those that only the agent knows.
    """

    index: int
    kind: str
    phase: Phase
    planned_ns: int
    seed: int
    max_tokens: int
    temperature: float
    ignore_eos: bool
    settings: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Ingested:
    """The agent has read a file: its SHA-256 (hex) and its size."""

    file: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Called:
    """The agent has made a call; ``request`` is as a backend returns it, ``planned_ns`` absolute."""

    request: Request


@dataclass(frozen=True, slots=True)
class Finished:
    """The agent has ended its task; ``text`` is its report. Both times are absolute and its own."""

    outcome: Outcome
    text: str
    started_ns: int
    ended_ns: int


AgentEvent: TypeAlias = Ingested | Called | Finished


@dataclass(frozen=True, slots=True)
class Usage:
    """What the process of an agent used, ``None`` where it cannot be known.

    ``startup_ns`` from fork to ready; peak memory and threads of the process; processor time, time spent waiting for a
    processor and context switches of each task, where several shared the process in equal parts.
    """

    startup_ns: int
    peak_rss_bytes: int | None
    threads: int | None
    wait_ns: int | None
    cpu_ns: int | None
    context_switches: int | None


class Agent(Protocol):
    """An agent of one language and runtime: ``start`` once, ``run`` for each task, also at the same time, ``stop``.

    ``start`` makes it ready to begin at a planned moment and returns facts about it; it raises ``EngineFailed``. A
    ``run`` yields its events as they happen, ``Finished`` last, and raises nothing for what a server did: that is in
    the ``Called`` requests and in ``Finished``. ``stop`` ends what was started and says what it used, where known.
    """

    async def start(self) -> Settings: ...

    def run(self, task: TaskSpec, server: Address, deadlines: Deadlines) -> AsyncGenerator[AgentEvent, None]: ...

    async def stop(self) -> Usage | None: ...
