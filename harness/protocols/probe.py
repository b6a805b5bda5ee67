"""A source of telemetry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeAlias

from ..events import Reading
from .backend import Capability

Engines: TypeAlias = Mapping[str, int | None]
"""Process ids by server; ``None`` where the engine is no process of ours."""


class Probe(Protocol):
    """A source of telemetry around one run, polled every ``interval_s`` seconds off the event loop's path.

    ``open`` gets the process of each engine. Where the sensor is absent, ``sample`` returns readings whose value is
    null with a reason.
    """

    name: str
    interval_s: float

    @classmethod
    def capability(cls) -> Capability: ...

    def open(self, engines: Engines) -> None: ...

    def sample(self) -> Iterable[Reading]: ...

    def close(self) -> None: ...
