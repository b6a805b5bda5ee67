"""An engine under measurement, and what some engines can do besides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Protocol, runtime_checkable

from ..design import Value
from ..events import Request, Scalar, Settings, Started
from ..models import Model
from ..outcomes import Outcome
from .call import Call


@dataclass(frozen=True, slots=True)
class Capability:
    """Whether something works on this machine; ``reason`` says why not and what to do."""

    name: str
    available: bool
    version: str = ""
    reason: str = ""


class EngineFailed(Exception):
    """An engine could not start or died; carries the ``Outcome`` that the run gets."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.detail or str(outcome.code))
        self.outcome = outcome


class Backend(Protocol):
    """An engine under measurement. Emits events, never metrics.

    ``SETTINGS`` are the names of its settings.

    Life: ``capability()`` (cheap, no start) → ``start()`` once → ``request()`` any number of times, also
    concurrently → ``stop()`` once, always. ``start`` raises ``EngineFailed``; ``request`` never raises for
    anything the engine did: the failure is in the returned ``Request``.
    """

    SETTINGS: ClassVar[tuple[str, ...]]

    @property
    def engine_pid(self) -> int | None:
        """The engine's process, where it is one of ours."""

    @classmethod
    def capability(cls) -> Capability: ...

    async def start(self, model: Model, settings: dict[str, Value]) -> Started: ...

    async def request(self, call: Call) -> Request: ...

    async def stop(self) -> None: ...


class Foreign:
    """A backend whose server somebody else runs: it alone knows which weights answer, whatever a study calls them."""


@dataclass(frozen=True, slots=True)
class Score:
    """How well an engine still predicts: what the accuracy gate judges.

    ``perplexity`` over ``tokens`` predicted tokens of the shipped test text; ``greedy`` are the likeliest token ids
    after its tokens; ``logit_difference`` is how far a logit lies at most from PyTorch's in full precision. ``None``
    where the engine cannot say, or where it means nothing. ``evidence`` are counters of what the engine did to find
    out, apart from those of the requests.
    """

    perplexity: float | None = None
    tokens: int | None = None
    greedy: tuple[int, ...] | None = None
    logit_difference: float | None = None
    evidence: Settings = field(default_factory=dict)

    def facts(self) -> dict[str, Scalar]:
        """As facts of a run; ``metrics/accuracy.py`` reads them."""
        greedy = self.greedy and " ".join(map(str, self.greedy))
        return {
            "accuracy.perplexity": self.perplexity,
            "accuracy.tokens": self.tokens,
            "accuracy.greedy": greedy or None,
            "accuracy.logit_difference": self.logit_difference,
            **self.evidence,
        }


@runtime_checkable
class Scored(Protocol):
    """A backend whose accuracy can be measured, after its requests and outside everything that is timed."""

    async def score(self) -> Score: ...


@runtime_checkable
class Layered(Protocol):
    """A backend in this process that can tell which of its layers take the time, after its requests.

    ``layers`` returns no facts where its engine cannot.
    """

    async def layers(self) -> Settings: ...


@runtime_checkable
class Shareable(Protocol):
    """A backend whose engine other client processes can ask too.

    ``handle`` says where a started engine is reached; ``attach``, in another process, makes ``request`` ready with it
    in place of ``start``, and ``stop`` then leaves the engine alone.
    """

    def handle(self) -> dict[str, Value]: ...

    async def attach(self, handle: Mapping[str, Value]) -> None: ...


@runtime_checkable
class Negotiated(Protocol):
    """A backend that can send what a preflight found that its server accepts; set ``agreed`` before ``start``."""

    agreed: Mapping[str, Value]


@runtime_checkable
class Addressed(Protocol):
    """A backend whose setting ``base_url`` says where its server is."""

    @classmethod
    def capability_at(cls, url: str) -> Capability: ...


def capability_for(engine: type[Backend], settings: Mapping[str, Value]) -> Capability:
    """Whether an engine works here with these settings, which may lead elsewhere than the environment does."""
    url = settings.get("base_url")
    if isinstance(url, str) and issubclass(engine, Addressed):
        return engine.capability_at(url)
    return engine.capability()


@runtime_checkable
class Metered(Protocol):
    """A backend whose server may tell its own metrics: where, and the headers that it wants; ``None`` where not."""

    @property
    def metrics(self) -> tuple[str, Mapping[str, str]] | None: ...


@runtime_checkable
class Logged(Protocol):
    """A backend whose engine has a process of its own, which writes its log to ``log``; set before ``start``."""

    log: Path | None


@runtime_checkable
class Placed(Protocol):
    """A backend that binds its engine to processors: to others than ``cpus_taken`` earlier ones of the run.

    Set before ``start``; a started engine says in ``cpus_allowed`` how many it has.
    """

    cpus_taken: int


@runtime_checkable
class Evident(Protocol):
    """A backend in this process that counts what it built: graphs, recompiles, seconds of compiling."""

    def evidence(self) -> Settings: ...
