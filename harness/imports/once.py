"""Each request of a file once: one that is there a second time, as after joining files, would count twice."""

from __future__ import annotations

from hashlib import blake2b

from .fields import Fields
from .source import shown


class Once:
    """The identities in the field ``name`` of requests, as short digests. A request without one is no other's twin."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._seen: set[bytes] = set()

    def demand(self, row: Fields) -> None:
        """Raises ``DataError`` where a request of this identity was there before."""
        identity = row.raw(self._name)
        if not identity or not isinstance(identity, str):
            return
        digest = blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=12).digest()
        if digest in self._seen:
            raise row.wrong(self._name, f"it is {shown(identity)}, which another request has; keep one of them")
        self._seen.add(digest)
