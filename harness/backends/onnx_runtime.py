"""ONNX Runtime in the worker's process."""

from __future__ import annotations

from importlib.util import find_spec

from ..protocols import Capability
from .in_process.backend import InProcess
from .in_process.onnx.engine import SETTINGS, OnnxEngine
from .pytorch import INSTALL

NEEDED = ("onnxruntime", "onnx", "onnxscript", "torch", "transformers")


class OnnxRuntime(InProcess):
    """Graphs exported from PyTorch; the settings are those of ``OnnxEngine``."""

    SETTINGS = (*InProcess.SETTINGS, *SETTINGS)

    def __init__(self) -> None:
        super().__init__(OnnxEngine())

    @classmethod
    def capability(cls) -> Capability:
        missing = [name for name in NEEDED if find_spec(name) is None]
        if missing:
            return Capability("onnx_runtime", available=False, reason=f"{', '.join(missing)} not installed; {INSTALL}")
        return Capability("onnx_runtime", available=True, version=OnnxEngine().version)
