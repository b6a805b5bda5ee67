"""Finished pages, kept by what they are made of: one that is as before is not read through again."""

from __future__ import annotations

from collections.abc import Callable
from itertools import starmap

from ..caching.code_digest import code, remember
from ..caching.store import Store, key_of, libraries
from .number_check import Binder
from .number_scan import Declared, Scan

FINISHING = "hooks.site"
KIND = "finished"


class FinishedPages:
    """The finished pages in ``store``. ``about`` is what all of them depend on, JSON-ready."""

    def __init__(self, store: Store, *about: object) -> None:
        self._store = store
        self._about = key_of(about, code(FINISHING), libraries())
        remember(store)

    def page(self, binder: Binder, name: str, about: object, finish: Callable[[], str]) -> str:
        """The page ``name`` as ``finish`` makes it of ``about``, which is JSON-ready. Its numbers enter ``binder``.

        With a loose one it is never kept.
        """
        key = key_of(self._about, name, about)
        kept = self._store.get(KIND, key)
        if kept is not None:
            binder.known(name, Scan(kept["bound"], tuple(starmap(Declared, kept["declared"]))))
            found: str = kept["page"]
            return found
        finished, scan = finish(), binder.scan(name)
        if not scan.loose:
            declared = [[literal.text, literal.kind] for literal in scan.declared]
            self._store.put(KIND, key, {"page": finished, "bound": scan.bound, "declared": declared})
        return finished
