"""Pages kept by what they are made of: one is filled again only where something that it shows has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from pydantic import BaseModel

from ..caching.code_digest import code
from ..caching.store import Store, digest_files, key_of, libraries
from ..editions.edition import Edition
from ..project import Project
from ..rendering.page import Page
from ..values.serialize import value_record
from ..values.value import Value
from .page_serialize import page_of, page_record

RENDERING = "hooks.build.assembly"


class PageStore:
    """The pages of one build; all depend on the templates, on what is declared, and on the code that renders."""

    def __init__(self, store: Store, project: Project) -> None:
        self._store = store
        shared = digest_files((*project.templates.rglob("*.j2"), *project.declared()))
        self._shared = key_of(shared, code(RENDERING), libraries())

    def pages(self, about: object, render: Callable[[], Iterable[Page]]) -> tuple[Page, ...]:
        """What ``render`` makes of ``about``, which has to say everything that the pages show."""
        key = key_of(self._shared, stated(about))
        kept = self._store.json("page", key, lambda: [page_record(page) for page in render()])
        return tuple(map(page_of, kept))


def stated(item: object) -> Any:
    """``item`` as JSON-ready data that differ where the item does. Raises ``TypeError`` for other things."""
    if item is None or isinstance(item, str | bool | int | float):
        return item
    if isinstance(item, Value):
        return value_record(item)
    if isinstance(item, Edition):
        return [item.digest, item.local]
    if isinstance(item, BaseModel):
        return item.model_dump(mode="json")
    if is_dataclass(item):
        return [type(item).__name__, *(stated(getattr(item, field.name)) for field in fields(item))]
    if isinstance(item, Mapping):
        return [[stated(name), stated(value)] for name, value in item.items()]
    if isinstance(item, Sequence):
        return [stated(value) for value in item]
    raise TypeError(f"cannot tell one {type(item).__name__} from another")
