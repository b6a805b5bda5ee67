"""Expensive work as data: what makes it, and the key under which the store keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from .kept import keeping
from .store import Store


@dataclass(frozen=True, slots=True)
class Job:
    """``target`` (``module:function``) makes JSON-ready data of ``arguments``, or bytes where there is a ``suffix``.

    A ``short`` one takes less time than a process takes to start.
    """

    kind: str
    key: str
    target: str
    arguments: tuple[Any, ...]
    suffix: str = ""
    short: bool = False

    def data(self, store: Store) -> Any:
        """The JSON data, made where the store has none."""
        with keeping(store):
            return store.json(self.kind, self.key, self._make)

    def file(self, store: Store) -> Path:
        """The file, made where the store has none."""
        with keeping(store):
            return store.file(self.kind, self.key, self.suffix, self._make)

    def make(self, store: Store) -> None:
        """Has the store keep it."""
        if self.suffix:
            self.file(store)
        else:
            self.data(store)

    def place(self, store: Store) -> Path:
        """Where the store keeps it."""
        return store.path(self.kind, self.key, self.suffix or ".json")

    def waits(self, store: Store) -> bool:
        """Whether the store has nothing yet."""
        return not self.place(store).exists()

    def _make(self) -> Any:
        module, _, function = self.target.partition(":")
        return getattr(import_module(module), function)(*self.arguments)
