"""What a dataset was asked before, kept by question: a report that is reworded asks nothing again.

The answers of one dataset lie in one entry of the store, under the digest of the dataset and of the code that answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from pydantic import TypeAdapter

from ..caching.code_digest import code
from ..caching.kept import current
from ..caching.store import key_of, libraries

T = TypeVar("T")
KIND = "answers"
ANSWERING = (
    "hooks.analysis.measurements",
    "hooks.analysis.contrasts",
    "hooks.analysis.laws",
    "hooks.analysis.moments",
    "hooks.analysis.primaries",
    "hooks.analysis.audit",
)


class Answers:
    """Answers by question, as JSON-ready data. ``asked`` counts those that had to be computed."""

    def __init__(self, known: dict[str, Any] | None = None) -> None:
        self.known = known or {}
        self.asked = 0

    def of(self, question: object, kind: TypeAdapter[T], compute: Callable[[], T]) -> T:
        """The answer to a JSON-ready question, computed where it was never asked."""
        key = key_of(question)
        if key in self.known:
            return kind.validate_python(self.known[key])
        answer = compute()
        self.known[key] = kind.dump_python(answer, mode="json")
        self.asked += 1
        return answer


@contextmanager
def answers(digest: str, *about: object) -> Iterator[Answers]:
    """The answers of the dataset of this ``digest``, from the store of the job that is being made, and back to it."""
    store = current()
    if store is None:
        yield Answers()
        return
    key = key_of(digest, about, code(*ANSWERING), libraries())
    found = Answers(store.get(KIND, key))
    yield found
    if found.asked:
        store.misses.append(KIND)
        store.put(KIND, key, found.known)
