"""Engines under measurement: a lazy registry, one module per engine, one streaming client for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..registry import Registry

if TYPE_CHECKING:
    from ..protocols import Backend  # the process of an engine, which lies in this room, needs none of it

BACKENDS: Registry[type[Backend]] = Registry(
    "backend",
    ("llama_cpp", "harness.backends.llama_cpp:LlamaCpp"),
    ("openai_http", "harness.backends.openai_http:OpenAIHttp"),
    ("ollama", "harness.backends.ollama:Ollama"),
    ("pytorch", "harness.backends.pytorch:PyTorch"),
    ("onnx_runtime", "harness.backends.onnx_runtime:OnnxRuntime"),
    ("tensorrt", "harness.backends.tensorrt:TensorRT"),
    ("pacer", "harness.calibration.pacer.backend:PacerBackend"),
)
