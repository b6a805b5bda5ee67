"""What each run asks of an engine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prompt:
    """An input. ``text`` is sent after a unique prefix unless prompt caching is the factor.

    The setting ``prompts`` chooses the prompts of one ``group``; without it, all are sent. ``max_tokens`` caps the
    answer to this one, where that is not the workload's.
    """

    id: str
    text: str
    group: str = ""
    max_tokens: int | None = None

    def canonical(self) -> list[object]:
        """As JSON-ready data: id and text, with what else there is of it."""
        own = [self.group, self.max_tokens] if self.max_tokens else [self.group] if self.group else []
        return [self.id, self.text, *own]


@dataclass(frozen=True, slots=True)
class Workload:
    """What each run asks of the engine.

    ``max_tokens`` caps the output; with ``ignore_eos`` every output has exactly that length, so that arms
    do not differ in length. ``warmup`` requests follow the first (cold) one and precede the measured ones.
    """

    prompts: tuple[Prompt, ...]
    max_tokens: int
    warmup: int = 1
    ignore_eos: bool = True
    seed: int = 42
    unique_prefix: bool = True
