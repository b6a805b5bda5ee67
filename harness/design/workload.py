"""What each run asks of an engine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prompt:
    """An input. ``text`` is sent after a unique prefix unless prompt caching is the factor.

    The setting ``prompts`` chooses the prompts of one ``group``; without it, all are sent.
    """

    id: str
    text: str
    group: str = ""


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
