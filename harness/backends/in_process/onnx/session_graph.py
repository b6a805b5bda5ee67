"""An exported graph in an ONNX Runtime session, its cache kept in the runtime's own memory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ....outcomes import Code, unsupported
from ....protocols import EngineFailed
from ..engine import Logits
from .exported_graph import Exported

if TYPE_CHECKING:
    from onnxruntime import OrtValue

PROVIDERS = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
}
_SEVERE_ONLY = 3


class Graph:
    """Runs the graph on one execution provider, which is proven to be the one asked for.

    Raises ``EngineFailed`` where the runtime would fall back to another.
    """

    def __init__(
        self,
        made: Exported,
        path: Path,
        provider: str,
        threads: int | None,
        options: dict[str, str] | None = None,
    ) -> None:
        import onnxruntime

        self._value = onnxruntime.OrtValue
        self._made = made
        asked = onnxruntime.SessionOptions()
        asked.log_severity_level = _SEVERE_ONLY
        if threads:
            asked.intra_op_num_threads = threads
        onnxruntime.set_default_logger_severity(_SEVERE_ONLY)
        self._session = onnxruntime.InferenceSession(str(path), asked, providers=[(PROVIDERS[provider], options or {})])
        self._outputs = [output.name for output in self._session.get_outputs()]
        if self.provider != PROVIDERS[provider]:
            detail = f"ONNX Runtime fell back from {PROVIDERS[provider]} to {self.provider}; install its libraries"
            raise EngineFailed(unsupported(Code.DEVICE_MISSING, detail))

    @property
    def provider(self) -> str:
        """The execution provider that is active."""
        active: str = self._session.get_providers()[0]
        return active

    @property
    def threads(self) -> int:
        """Threads of one operator; 0 where the runtime chooses."""
        count: int = self._session.get_session_options().intra_op_num_threads
        return count

    def empty(self) -> list[OrtValue]:
        """The cache before the first token."""
        shape = 1, self._made.heads, 0, self._made.width
        return [self._value.ortvalue_from_numpy(np.zeros(shape, np.float32)) for _ in range(2 * self._made.layers)]

    def run(self, tokens: list[int], keep: list[int], past: list[OrtValue]) -> tuple[Logits, list[OrtValue]]:
        """Logits ``(len(keep), vocabulary)`` and the cache after ``tokens``."""
        feeds: dict[str, Any] = {
            "input_ids": self._value.ortvalue_from_numpy(np.array([tokens], np.int64)),
            "keep": self._value.ortvalue_from_numpy(np.array(keep, np.int64)),
        }
        feeds |= {f"past.{i}": value for i, value in enumerate(past)}
        found = self._session.run_with_ort_values(self._outputs, feeds)
        logits: Logits = found[0].numpy()[0]
        return logits, list(found[1:])
