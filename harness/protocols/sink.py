"""Where finished runs go."""

from __future__ import annotations

from typing import Protocol

from ..events import Run


class Sink(Protocol):
    """Where finished runs go. ``append`` returns only when the run is durable."""

    def append(self, run: Run) -> None: ...
