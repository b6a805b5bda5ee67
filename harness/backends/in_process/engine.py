"""What an in-process engine must do; the session around it takes the times and makes the requests.

Everything here blocks and may be called from several threads at once, one ``Decoding`` per thread.
"""

from __future__ import annotations

from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

from ...design import Value
from ...events import Settings
from ...models import Model
from .timer import Timer

Logits: TypeAlias = npt.NDArray[np.float32]


class Decoding(Protocol):
    """One sequence being generated with a key-value cache. ``logits`` has shape ``(vocabulary,)``: the next token."""

    @property
    def logits(self) -> Logits: ...

    def step(self, token: int) -> None:
        """Appends one token, so that ``logits`` are those after it."""


class Engine(Protocol):
    """A model in this process.

    Life: ``prepare()`` once, which converts or exports what this machine has not yet → ``open()`` once, which is timed
    as loading → ``prefill`` and ``logits`` any number of times → ``close()`` once, always. The first two raise
    ``EngineFailed``.
    """

    name: str
    trained: bool
    stops: frozenset[int]
    """The tokens that end a text."""

    @property
    def version(self) -> str: ...

    def prepare(self, model: Model, settings: dict[str, Value]) -> None:
        """Checks ``settings``, and makes the files that every later run finds."""

    def open(self, model: Model) -> Settings:
        """The effective settings: what the engine proves about precision, device, threads, graphs and providers."""

    def encode(self, text: str) -> list[int]: ...

    def decode(self, tokens: list[int]) -> str: ...

    def prefill(self, tokens: list[int]) -> Decoding:
        """One forward pass over the prompt, which fills the cache."""

    def logits(self, tokens: list[int]) -> Logits:
        """One forward pass without a cache: the logits after every token, shape ``(len(tokens), vocabulary)``."""

    def evidence(self) -> Settings:
        """The process' counters that only grow, such as ``graphs``; what a request changed stands with it."""

    def own_evidence(self) -> Settings:
        """Counters of the calling thread alone, which tell whose work they count while other requests run."""

    def timer(self) -> Timer:
        """A stopwatch of the device that computes."""

    def close(self) -> None: ...


@runtime_checkable
class Placed(Protocol):
    """An engine whose graph may be run by several providers, such as one that falls back to the processor."""

    def placement(self) -> Settings:
        """How many nodes of the graph each provider ran, counted in a pass of its own that nothing else times."""


@runtime_checkable
class Profiled(Protocol):
    """An engine that can tell which of its layers take the time."""

    def layers(self) -> Settings:
        """Milliseconds by phase and part, with what profiling itself costs (see ``torch/layers.py``)."""
