"""What a job makes on its way is kept in the store that keeps the job, so that the next job need not make it again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from .store import Store

_store: ContextVar[Store | None] = ContextVar("store", default=None)


@contextmanager
def keeping(store: Store) -> Iterator[None]:
    """Everything that is ``kept`` inside is kept in ``store``."""
    token = _store.set(store)
    try:
        yield
    finally:
        _store.reset(token)


def current() -> Store | None:
    """The store of the job that is being made; ``None`` outside of one."""
    return _store.get()


def kept(kind: str, key: str, make: Callable[[], Any]) -> Any:
    """The JSON data under ``key``, made where the store has none, or where there is no store."""
    store = current()
    return make() if store is None else store.json(kind, key, make)
