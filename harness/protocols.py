"""The interfaces that the core needs and others implement.

The core owns them, so backends, probes and sinks depend on the core and never the reverse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from .design import Value
from .events import Phase, Reading, Request, Run, Scalar, Settings, Started
from .models import Model
from .outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Capability:
    """Whether something works on this machine; ``reason`` says why not and what to do."""

    name: str
    available: bool
    version: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds allowed to connect, to the first byte, between chunks, and for a whole request."""

    connect_s: float = 5.0
    first_byte_s: float = 30.0
    gap_s: float = 10.0
    total_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Call:
    """One request to make. ``planned_ns`` is absolute (``time.monotonic_ns``); ``0`` means now."""

    index: int
    phase: Phase
    prompt_id: str
    text: str
    max_tokens: int
    seed: int
    temperature: float = 0.8
    ignore_eos: bool = True
    cache_prompt: bool = False
    stream: int = 0
    planned_ns: int = 0
    deadlines: Deadlines = Deadlines()


class EngineFailed(Exception):
    """An engine could not start or died; carries the ``Outcome`` that the run gets."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.detail or str(outcome.code))
        self.outcome = outcome


class Backend(Protocol):
    """An engine under measurement. Emits events, never metrics.

    Life: ``capability()`` (cheap, no start) → ``start()`` once → ``request()`` any number of times, also
    concurrently → ``stop()`` once, always. ``start`` raises ``EngineFailed``; ``request`` never raises for
    anything the engine did: the failure is in the returned ``Request``.
    """

    @property
    def engine_pid(self) -> int | None:
        """The engine's process, where it is one of ours."""

    @classmethod
    def capability(cls) -> Capability: ...

    async def start(self, model: Model, settings: dict[str, Value]) -> Started: ...

    async def request(self, call: Call) -> Request: ...

    async def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Score:
    """How well an engine still predicts: what the accuracy gate judges.

    ``perplexity`` over ``tokens`` predicted tokens of the shipped test text; ``greedy`` are the likeliest token ids
    after each of the first tokens of that text. ``None`` where the engine cannot say, or where it means nothing.
    ``evidence`` are counters of what the engine did to find out, apart from those of the requests.
    """

    perplexity: float | None = None
    tokens: int | None = None
    greedy: tuple[int, ...] | None = None
    evidence: Settings = field(default_factory=dict)

    def facts(self) -> dict[str, Scalar]:
        """As facts of a run; ``metrics/accuracy.py`` reads them."""
        greedy = self.greedy and " ".join(map(str, self.greedy))
        return {
            "accuracy.perplexity": self.perplexity,
            "accuracy.tokens": self.tokens,
            "accuracy.greedy": greedy or None,
            **self.evidence,
        }


@runtime_checkable
class Scored(Protocol):
    """A backend whose accuracy can be measured, after its requests and outside everything that is timed."""

    async def score(self) -> Score: ...


@runtime_checkable
class Shareable(Protocol):
    """A backend whose engine other client processes can ask too.

    ``handle`` says where a started engine is reached; ``attach``, in another process, makes ``request`` ready with it
    in place of ``start``, and ``stop`` then leaves the engine alone.
    """

    def handle(self) -> dict[str, Value]: ...

    async def attach(self, handle: Mapping[str, Value]) -> None: ...


@runtime_checkable
class Evident(Protocol):
    """A backend in this process that counts what it built: graphs, recompiles, seconds of compiling."""

    def evidence(self) -> Settings: ...


class Probe(Protocol):
    """A source of telemetry around one run, polled every ``interval_s`` seconds off the event loop's path.

    Where the sensor is absent, ``sample`` returns readings whose value is null with a reason.
    """

    name: str
    interval_s: float

    @classmethod
    def capability(cls) -> Capability: ...

    def open(self, engine_pid: int | None) -> None: ...

    def sample(self) -> Iterable[Reading]: ...

    def close(self) -> None: ...


class Sink(Protocol):
    """Where finished runs go. ``append`` returns only when the run is durable."""

    def append(self, run: Run) -> None: ...
