"""Graphs on disk: where they lie and what is known of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

GRAPH = "model.onnx"


@dataclass(frozen=True, slots=True)
class Exported:
    """A graph that was exported from PyTorch, for ``rows`` sequences at once. ``parity`` is the largest difference of a
    logit from PyTorch's; ``export_s`` what it took."""

    folder: str
    key: str
    layers: int
    heads: int
    width: int
    export_s: float
    parity: float
    rows: int = 1

    @property
    def graph(self) -> Path:
        return Path(self.folder) / GRAPH


@dataclass(frozen=True, slots=True)
class Derived:
    """A graph that was made from another, by quantising or optimising it, in so many ``seconds``."""

    graph: Path
    seconds: float


def bytes_on_disk(graph: Path) -> int:
    """Bytes of a graph and of the weights beside it."""
    return sum(path.stat().st_size for path in graph.parent.iterdir())
