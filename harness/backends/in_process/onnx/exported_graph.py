"""A graph that was exported: where it lies and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

GRAPH = "model.onnx"


@dataclass(frozen=True, slots=True)
class Exported:
    """A graph on disk. ``parity`` is the largest difference of a logit from PyTorch's; ``export_s`` what it took."""

    folder: str
    key: str
    layers: int
    heads: int
    width: int
    export_s: float
    parity: float

    @property
    def graph(self) -> Path:
        return Path(self.folder) / GRAPH
