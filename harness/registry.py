"""Explicit registries: ``name → "module:Attribute"``, imported only when asked for.

A machine without a GPU or an engine therefore imports nothing that it lacks.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Generic, TypeVar

from .errors import NoPython, UnknownName

T = TypeVar("T")


class Registry(Generic[T]):
    """Named, lazily imported objects of one kind. A duplicate name raises ``ValueError``."""

    def __init__(self, kind: str, *entries: tuple[str, str]) -> None:
        self.kind = kind
        self._targets: dict[str, str] = {}
        for name, target in entries:
            if name in self._targets:
                raise ValueError(f"{kind} {name!r} is registered twice")
            self._targets[name] = target

    def __iter__(self) -> Iterator[str]:
        return iter(self._targets)

    def target(self, name: str) -> str:
        """Where an entry is declared, as ``module:Attribute``. Raises ``UnknownName``."""
        if name not in self._targets:
            raise UnknownName(self.kind, name, self._targets)
        return self._targets[name]

    def load(self, name: str) -> T:
        """The registered object. Raises ``UnknownName``, ``NoPython``; an import error of its module passes through."""
        module, _, attribute = self.target(name).partition(":")
        try:
            loaded: T = getattr(import_module(module), attribute)
        except SyntaxError as error:
            raise NoPython.of(error) from error
        return loaded
