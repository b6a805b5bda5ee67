"""Texts in fields that nobody listed: reasoning under a new name, where one grows over the stream as only text does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from .token_counts import Chunk

_FEWEST = 2
_WRITTEN_TOGETHER = "\u2e80"
"""From here on scripts have no spaces between words."""


@dataclass(frozen=True, slots=True)
class Held:
    """One text: how many chunks of content came before it, and what would be its chunk."""

    before: int
    chunk: Chunk
    text: str


@dataclass(slots=True)
class UnlistedTexts:
    """What a stream said in each field without a known name."""

    _held: dict[str, list[Held]] = field(default_factory=dict)

    def hold(self, before: int, chunk: Chunk, texts: Mapping[str, str]) -> None:
        """Takes the texts of one record without content."""
        for name, text in texts.items():
            self._held.setdefault(name, []).append(Held(before, chunk, text))

    def reasoning(self) -> tuple[str, list[Held]]:
        """The field that is reasoning by all that is known, with its texts; the longest where there are several.

        A model reasons before it answers. ``("", [])`` where no field is.
        """
        grown = {name: list(_added(held)) for name, held in self._held.items() if not held[0].before}
        found = {name: held for name, held in grown.items() if _is_text([one.text for one in held])}
        name = max(found, key=lambda name: sum(len(one.text) for one in found[name]), default="")
        return name, found.get(name, [])


def _added(held: list[Held]) -> Iterator[Held]:
    """What each text adds, where each repeats the one before: servers send all that was said so far."""
    before = ""
    repeats = len(held) > _FEWEST and all(
        len(one.text) < len(two.text) and two.text.startswith(one.text) for one, two in pairwise(held)
    )
    for one in held:
        yield Held(one.before, one.chunk, one.text.removeprefix(before) if repeats else one.text)
        before = one.text


def _is_text(texts: list[str]) -> bool:
    """Whether pieces are those of a text: there are several, they differ, and words are apart.

    An id, a number, a date in one piece and a word that says how far the server is have no spaces at their ends; a
    sentence that is repeated does not grow.
    """
    if len(texts) < _FEWEST:
        return False
    said = "".join(texts)
    spaced = any(text[0].isspace() or text[-1].isspace() for text in texts)
    sentences = len(set(texts)) > 1 and any(char.isspace() or char >= _WRITTEN_TOGETHER for char in said)
    return spaced or sentences
