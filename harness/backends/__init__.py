"""Engines under measurement: a lazy registry, one module per engine, one streaming client for all of them."""

from __future__ import annotations

from ..protocols import Backend
from ..registry import Registry

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
