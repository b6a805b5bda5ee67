"""A source of telemetry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from ..events import Reading
from .backend import Capability


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
