"""What an engine's counters say about one phase of one request.

The process' counters say nothing about a request while another runs: both get null. A thread's own stay known.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ...events import Scalar
from .engine import Engine


class Counting:
    """Differences of the engine's counters around phases."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._running = 0
        self._crowds = 0

    @contextmanager
    def request(self) -> Iterator[None]:
        """Around a request, so that others know of it."""
        with self._lock:
            self._running += 1
            self._crowds += self._running > 1
        try:
            yield
        finally:
            with self._lock:
                self._running -= 1

    @contextmanager
    def phase(self, name: str, into: dict[str, Scalar]) -> Iterator[None]:
        """Adds ``name.counter`` to ``into`` for every counter of the engine."""
        crowds, before, own_before = self._state(), self._engine.evidence(), self._engine.own_evidence()
        yield
        after, own = self._engine.evidence(), self._engine.own_evidence()
        alone = self._state() == crowds and not crowds[1]
        for key, value in after.items():
            into[f"{name}.{key}"] = _difference(value, before.get(key)) if alone else None
        for key, value in own.items():
            into[f"{name}.{key}"] = _difference(value, own_before.get(key))

    def _state(self) -> tuple[int, bool]:
        with self._lock:
            return self._crowds, self._running > 1


def _difference(after: Scalar, before: Scalar) -> Scalar:
    if isinstance(after, int | float) and isinstance(before, int | float):
        return after - before
    return None
