"""Text to token ids and back: the tokenizer of the checkpoint, or bytes where no tokenizer was ever trained."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

from ...models import GPT2_SOURCE, Model
from ...weights.checkpoints import TOKENIZER, folder


class Tokens(Protocol):
    """``stops`` are the ids that end a text."""

    stops: frozenset[int]

    def encode(self, text: str) -> list[int]: ...

    def decode(self, ids: list[int]) -> str: ...


class Bytes:
    """Each byte of UTF-8 is the id of the same number; an id beyond 255 reads as the replacement character."""

    stops: frozenset[int] = frozenset()

    def encode(self, text: str) -> list[int]:
        return list(text.encode())

    def decode(self, ids: list[int]) -> str:
        return b"".join(bytes([id_]) if id_ < 256 else b"\xff" for id_ in ids).decode(errors="replace")


class Trained:
    """The tokenizer that came with the weights."""

    def __init__(self, place: Path) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(place / TOKENIZER))
        ends = json.loads((place / "config.json").read_text(encoding="utf-8")).get("eos_token_id")
        self.stops = frozenset(ends if isinstance(ends, list) else [] if ends is None else [ends])

    def encode(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text).ids
        return ids

    def decode(self, ids: list[int]) -> str:
        text: str = self._tokenizer.decode(ids)
        return text


def tokens_of(model: Model) -> Tokens:
    """The tokenizer of a model whose weights are in place."""
    return Bytes() if model.source == GPT2_SOURCE else Trained(folder(model))
