"""What an engine's counters say about one phase of one request.

The counters are the process's: while two requests run at once nobody can say whose work they count, so both get null.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ...events import Scalar
from .engine import Engine


class Counting:
    """Differences of ``engine.evidence()`` around phases."""

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
        crowds, before = self._state(), self._engine.evidence()
        yield
        after = self._engine.evidence()
        alone = self._state() == crowds and not crowds[1]
        for key, value in after.items():
            known = alone and isinstance(value, int | float)
            into[f"{name}.{key}"] = _difference(value, before.get(key)) if known else None

    def _state(self) -> tuple[int, bool]:
        with self._lock:
            return self._crowds, self._running > 1


def _difference(after: Scalar, before: Scalar) -> Scalar:
    if isinstance(after, int | float) and isinstance(before, int | float):
        return after - before
    return None
