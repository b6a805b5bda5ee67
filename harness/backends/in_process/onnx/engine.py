"""ONNX Runtime: the exported graph on a processor, a CUDA device or TensorRT."""

from __future__ import annotations

import os
from importlib import metadata

from ....design import Value
from ....events import Settings
from ....models import Model
from ....outcomes import Code, unsupported
from ....protocols import EngineFailed
from ....protocols.settings_reader import SettingReader
from ....weights.locate import cache_folder
from ..engine import Logits
from ..timer import MonotonicTimer, Timer
from ..tokens import Tokens, tokens_of
from .export import exported
from .precision import PRECISIONS, quantised, weights_bytes, weights_dtype
from .session_graph import PROVIDERS, Graph

SETTINGS = ("provider", "precision", "threads", "num_ctx")


class OnnxEngine:
    """Settings, all optional: ``provider`` (cpu, cuda, tensorrt), ``precision`` (fp32, fp16, int8), ``threads`` (a
    number or ``"all"``) and ``num_ctx``, which the graph does not need because its cache grows."""

    def __init__(self, name: str = "onnx_runtime", provider: str = "cpu") -> None:
        self.name = name
        self.trained = True
        self.stops: frozenset[int] = frozenset()
        self._provider = provider
        self._precision = "fp32"
        self._threads: int | None = None
        self._tokens: Tokens
        self._graph: Graph | None = None

    @property
    def version(self) -> str:
        found = [name for name in ("onnxruntime-gpu", "onnxruntime") if _installed(name)]
        return f"{found[0]} {metadata.version(found[0])}"

    def prepare(self, model: Model, settings: dict[str, Value]) -> None:
        asked = SettingReader(self.name, settings, SETTINGS)
        self._provider = asked.text("provider", self._provider, tuple(PROVIDERS))
        self._precision = asked.text("precision", "fp32", PRECISIONS)
        self._threads = asked.threads(len(os.sched_getaffinity(0)))
        _check(self.name, self._provider, self._precision)
        if self._precision == "int8":
            quantised(exported(model))
        else:
            exported(model)

    def open(self, model: Model) -> Settings:
        made = exported(model)
        path = quantised(made) if self._precision == "int8" else made.graph
        graph = self._graph = Graph(made, path, self._provider, self._threads, self._options())
        self._tokens = tokens_of(model)
        self.stops, self.trained = self._tokens.stops, model.trained
        return {
            "model": model.name,
            "model_sha256": model.sha256,
            "n_params": model.parameters,
            "trained": model.trained,
            "provider": graph.provider,
            "device": "cpu" if self._provider == "cpu" else "cuda",
            "precision": self._precision,
            "weights_dtype": weights_dtype(path),
            "weights_bytes": weights_bytes(path),
            "model_layers": made.layers,
            "threads": graph.threads or None,
            "cpus_allowed": len(os.sched_getaffinity(0)),
            "graph": made.key,
            "export_s": made.export_s,
            "parity_max_abs": made.parity,
        }

    def _options(self) -> dict[str, str]:
        if self._provider != "tensorrt":
            return {}
        return {
            "trt_fp16_enable": str(int(self._precision == "fp16")),
            "trt_engine_cache_enable": "1",
            "trt_engine_cache_path": str(cache_folder() / "tensorrt"),
        }

    def encode(self, text: str) -> list[int]:
        return self._tokens.encode(text)

    def decode(self, tokens: list[int]) -> str:
        return self._tokens.decode(tokens)

    def prefill(self, tokens: list[int]) -> OnnxDecoding:
        return OnnxDecoding(self._opened(), tokens)

    def logits(self, tokens: list[int]) -> Logits:
        graph = self._opened()
        return graph.run(tokens, list(range(len(tokens))), graph.empty())[0]

    def evidence(self) -> Settings:
        """The runtime counts nothing while it runs."""
        return {}

    def own_evidence(self) -> Settings:
        return {}

    def timer(self) -> Timer:
        return MonotonicTimer()

    def close(self) -> None:
        self._graph = None

    def _opened(self) -> Graph:
        if self._graph is None:
            raise RuntimeError("open() comes before anything else")
        return self._graph


class OnnxDecoding:
    """One sequence and its cache."""

    def __init__(self, graph: Graph, tokens: list[int]) -> None:
        self._graph = graph
        logits, self._past = graph.run(tokens, [len(tokens) - 1], graph.empty())
        self.logits: Logits = logits[-1]

    def step(self, token: int) -> None:
        logits, self._past = self._graph.run([token], [0], self._past)
        self.logits = logits[-1]


def _check(name: str, provider: str, precision: str) -> None:
    """Refuses what cannot be real before anything is exported. Raises ``EngineFailed``."""
    import torch

    if provider != "cpu" and not torch.cuda.is_available():
        detail = f"{PROVIDERS[provider]} needs a CUDA device, and there is none; use provider cpu"
        raise EngineFailed(unsupported(Code.DEVICE_MISSING, detail))
    real = {"cpu": ("fp32", "int8"), "cuda": ("fp32",), "tensorrt": ("fp32", "fp16")}[provider]
    if precision not in real:
        detail = f"{name} computes in {' or '.join(real)} with provider {provider}, not in {precision}"
        raise EngineFailed(unsupported(Code.SETTING_REJECTED, detail))


def _installed(package: str) -> bool:
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        return False
    return True
