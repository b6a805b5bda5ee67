"""An exported graph in an ONNX Runtime session, its cache kept in the runtime's own memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
CACHE_ON = {"cuda": "cuda", "tensorrt": "cuda"}
"""The device that keeps the cache between passes, where that is not the processor."""
LEVELS = {
    "none": "ORT_DISABLE_ALL",
    "basic": "ORT_ENABLE_BASIC",
    "extended": "ORT_ENABLE_EXTENDED",
    "all": "ORT_ENABLE_ALL",
}
"""How far the runtime rewrites a graph before it runs it."""

_SEVERE_ONLY = 3
_WEIGHTS_FILE = "session.optimized_model_external_initializers_file_name"


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """What a session is asked for; ``None`` leaves it to the runtime. ``written`` is where it writes the graph that it
    made by optimising, ``profile`` how the names of its profiles begin."""

    provider: str = "cpu"
    threads: int | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    level: str | None = None
    written: Path | None = None
    profile: Path | None = None


DEFAULTS = SessionSettings()


class Graph:
    """Runs the graph on one execution provider, which is proven to be the one asked for.

    Raises ``EngineFailed`` where the runtime would fall back to another.
    """

    def __init__(self, made: Exported, path: Path, settings: SessionSettings = DEFAULTS) -> None:
        import onnxruntime

        self._value = onnxruntime.OrtValue
        self._made = made
        asked = onnxruntime.SessionOptions()
        asked.log_severity_level = _SEVERE_ONLY
        if settings.threads:
            asked.intra_op_num_threads = settings.threads
        if settings.level:
            asked.graph_optimization_level = getattr(onnxruntime.GraphOptimizationLevel, LEVELS[settings.level])
        if settings.written:
            asked.optimized_model_filepath = str(settings.written)
            asked.add_session_config_entry(_WEIGHTS_FILE, f"{settings.written.name}.data")
        if settings.profile:
            asked.enable_profiling, asked.profile_file_prefix = True, str(settings.profile)
        onnxruntime.set_default_logger_severity(_SEVERE_ONLY)
        provider = PROVIDERS[settings.provider]
        self._cache_on = CACHE_ON.get(settings.provider)
        self._session = onnxruntime.InferenceSession(str(path), asked, providers=[(provider, dict(settings.options))])
        self._session.disable_fallback()  # else a pass that fails on the provider is tried again on another
        self._outputs = [output.name for output in self._session.get_outputs()]
        if self.provider != provider:
            detail = f"ONNX Runtime fell back from {provider} to {self.provider}; install its libraries"
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
        shape = self._made.rows, self._made.heads, 0, self._made.width
        return [self._value.ortvalue_from_numpy(np.zeros(shape, np.float32)) for _ in range(2 * self._made.layers)]

    def run(self, tokens: list[int], keep: list[int], past: list[OrtValue]) -> tuple[Logits, list[OrtValue]]:
        """Logits ``(len(keep), vocabulary)`` and the cache after ``tokens``, the same in every row."""
        feeds: dict[str, Any] = {
            "input_ids": self._value.ortvalue_from_numpy(np.array([tokens] * self._made.rows, np.int64)),
            "keep": self._value.ortvalue_from_numpy(np.array(keep, np.int64)),
        }
        feeds |= {f"past.{i}": value for i, value in enumerate(past)}
        if self._cache_on is None:
            found = self._session.run_with_ort_values(self._outputs, feeds)
        else:
            found = self._bound(feeds, self._cache_on)
        logits: Logits = found[0].numpy()[0]
        return logits, list(found[1:])

    def _bound(self, feeds: Mapping[str, OrtValue], device: str) -> list[OrtValue]:
        """The outputs, of which only the logits come back to the processor: the cache stays on ``device``."""
        binding = self._session.io_binding()
        for name, value in feeds.items():
            binding.bind_ortvalue_input(name, value)
        logits, *cache = self._outputs
        binding.bind_output(logits, "cpu")
        for name in cache:
            binding.bind_output(name, device)
        self._session.run_with_iobinding(binding)
        found: list[OrtValue] = binding.get_outputs()
        return found

    def end_profile(self) -> Path:
        """The file of a profile that was asked for, with all passes so far."""
        return Path(self._session.end_profiling())


def runtime() -> str:
    """The runtime with its version, of which every graph that it wrote depends."""
    import onnxruntime

    return f"onnxruntime-{onnxruntime.__version__}"
