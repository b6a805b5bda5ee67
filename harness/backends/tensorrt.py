"""TensorRT in the worker's process: the same exported graph, built and run by ONNX Runtime's TensorRT provider."""

from __future__ import annotations

from ctypes.util import find_library
from importlib.util import find_spec

from ..protocols import Capability
from .in_process.backend import InProcess
from .in_process.onnx.engine import SETTINGS, OnnxEngine
from .onnx_runtime import OnnxRuntime

HOW = "install TensorRT (pip install tensorrt) on a machine with an NVIDIA GPU"


class TensorRT(InProcess):
    """fp32 and fp16; the provider is proven to be active, so nothing falls back unseen."""

    SETTINGS = (*InProcess.SETTINGS, *SETTINGS)

    def __init__(self) -> None:
        super().__init__(OnnxEngine("tensorrt", "tensorrt"))

    @classmethod
    def capability(cls) -> Capability:
        if find_spec("tensorrt") is None and find_library("nvinfer") is None:
            return Capability("tensorrt", available=False, reason=f"TensorRT is not installed; {HOW}")
        runtime = OnnxRuntime.capability()
        return Capability("tensorrt", available=runtime.available, version=runtime.version, reason=runtime.reason)
