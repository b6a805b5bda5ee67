"""What several checks need is computed once in a run of the referee. Nothing outlives the run."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Once:
    """Keeps what was computed of one thing, a site or a dataset."""

    def __init__(self) -> None:
        self._made: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` computes of this thing alone, under a key that tells it from everything else.

        What raises is computed again.
        """
        if key not in self._made:
            self._made[key] = make()
        made: T = self._made[key]
        return made
