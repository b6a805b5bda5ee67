"""ONNX Runtime: the exported graph on a processor, a CUDA device or TensorRT."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from importlib import metadata
from pathlib import Path

from ....design import Value
from ....events import Scalar, Settings
from ....models import Model
from ....outcomes import Code, unsupported
from ....processors import processors
from ....protocols import EngineFailed
from ....protocols.settings_reader import SettingReader
from ....weights.locate import cache_folder
from ..engine import Logits
from ..timer import MonotonicTimer, Timer
from ..tokens import Tokens, tokens_of
from .calibration import disjoint_calibration_text
from .export import exported, kept
from .exported_graph import Exported, bytes_on_disk
from .optimise import optimised
from .placement import placement
from .precision import PRECISIONS, QUANTISED, quantised, weights_bytes, weights_dtype
from .session_graph import CACHE_ON, LEVELS, PROVIDERS, Graph, SessionSettings

SETTINGS = ("provider", "precision", "optimisation", "export_cache", "batch", "threads", "num_ctx")


class OnnxEngine:
    """Settings, all optional: ``provider`` (cpu, cuda, tensorrt), ``precision`` (fp32, fp16, int8, int8-static),
    ``optimisation`` (none, basic, extended, all: made apart from loading; without it the runtime optimises while it
    loads), ``export_cache`` (use graphs that earlier runs made), ``batch`` (so many copies of each sequence in one
    pass), ``threads`` (a number or ``"all"``) and ``num_ctx``, which the graph does not need: its cache grows."""

    def __init__(self, name: str = "onnx_runtime", provider: str = "cpu") -> None:
        self.name = name
        self.trained = True
        self.stops: frozenset[int] = frozenset()
        self._provider = provider
        self._precision = "fp32"
        self._session = SessionSettings()
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self._made: Exported
        self._path: Path
        self._told: dict[str, Scalar] = {}
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
        level = asked.text("optimisation", "", ("", *LEVELS)) or None
        threads, rows = asked.threads(len(processors())), asked.whole("batch", 1) or 1
        _check(self.name, self._provider, self._precision)
        self._session = SessionSettings(self._provider, threads, self._options(), level)
        root = kept() if settings.get("export_cache", True) is not False else self._new_folder()
        made = self._made = exported(model, root, rows)
        self._path = made.graph
        self._told = {"graph": made.key, "export_s": made.export_s, "parity_max_abs": made.parity}
        if self._precision in QUANTISED:
            text = disjoint_calibration_text() if self._precision == "int8-static" else ""
            derived = quantised(made, self._precision, tokens_of(model).encode(text) if text else [])
            self._path = derived.graph
            self._told["quantise_s"] = derived.seconds
        if level not in (None, "none") and self._provider == "cpu":
            derived = optimised(made, self._path, str(level))
            self._path = derived.graph
            self._told["optimise_s"] = derived.seconds
            self._session = replace(self._session, level="none")
        self._told |= {"optimisation": level, "batch": rows, "disk_bytes": bytes_on_disk(self._path)}

    def _new_folder(self) -> Path:
        cache_folder().mkdir(parents=True, exist_ok=True)
        self._scratch = tempfile.TemporaryDirectory(dir=cache_folder(), prefix="export-")
        return Path(self._scratch.name)

    def open(self, model: Model) -> Settings:
        graph = self._graph = Graph(self._made, self._path, self._session)
        self._tokens = tokens_of(model)
        self.stops, self.trained = self._tokens.stops, model.trained
        return {
            "model": model.name,
            "model_sha256": model.sha256,
            "n_params": model.parameters,
            "trained": model.trained,
            "provider": graph.provider,
            "device": CACHE_ON.get(self._provider, "cpu"),
            "precision": self._precision,
            "weights_dtype": weights_dtype(self._path),
            "weights_bytes": weights_bytes(self._path),
            "model_layers": self._made.layers,
            "threads": graph.threads or None,
            "cpus_allowed": len(processors()),
            **self._told,
        }

    def placement(self) -> Settings:
        """Counted in a session of its own with the same graph and settings."""
        return placement(self._made, self._path, self._session)

    def _options(self) -> dict[str, str]:
        """Full precision is 32 bits: by default the CUDA provider multiplies in 19 (TF32)."""
        if self._provider == "cpu":
            return {}
        if self._provider == "cuda":
            return {"use_tf32": "0"}
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
        if self._scratch is not None:
            self._scratch.cleanup()

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
    real = {"cpu": ("fp32", *QUANTISED), "cuda": ("fp32",), "tensorrt": ("fp32", "fp16")}[provider]
    if precision not in real:
        detail = f"{name} computes in {' or '.join(real)} with provider {provider}, not in {precision}"
        raise EngineFailed(unsupported(Code.SETTING_REJECTED, detail))


def _installed(package: str) -> bool:
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        return False
    return True
