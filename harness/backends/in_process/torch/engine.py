"""PyTorch: transformers models in eager mode or compiled, on the processor or a CUDA device."""

from __future__ import annotations

import threading
from collections.abc import Callable
from importlib import metadata
from typing import TYPE_CHECKING, Any

from ....design import Value
from ....events import Settings
from ....models import GPT2_SOURCE, Model
from ....outcomes import Code, unsupported
from ....processors import processors
from ....protocols import EngineFailed
from ....protocols.settings_reader import SettingReader
from ....texts import test_text
from ....weights.checkpoints import folder
from ..engine import Logits
from ..shapes import SHAPES, Shapes, shapes_of
from ..timer import CudaTimer, MonotonicTimer, Timer
from ..tokens import Tokens, tokens_of
from . import compile as compiled
from .eager_fallback import EagerPasses
from .layers import layer_facts
from .precision import PRECISIONS, weights_bytes, weights_dtype, with_precision

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module
    from transformers import Cache

SETTINGS = ("device", "precision", "compile", "compile_cache", "shapes", "batch", "threads", "num_ctx")


class TorchEngine:
    """Settings, all optional: ``device`` (cpu, cuda), ``precision`` (fp32, bf16, fp16, int8), ``compile`` (none,
    default, reduce-overhead, dynamic), ``compile_cache`` (reuse code compiled by earlier runs), ``shapes`` (natural,
    padded, bucketed), ``batch`` (so many copies of each sequence in one pass), ``threads`` (a number or ``"all"``),
    ``num_ctx`` (tokens of prompt and output)."""

    name = "pytorch"

    def __init__(self) -> None:
        self.trained = True
        self.stops: frozenset[int] = frozenset()
        self._way = "none"
        self._device = "cpu"
        self._precision = "fp32"
        self._kind = "natural"
        self._num_ctx = 512
        self._rows = 1
        self._threads: int | None = None
        self._tokens: Tokens
        self._module: Module | None = None
        self._forward: Callable[..., Tensor]
        self._whole: Callable[..., Tensor]
        self._eager = EagerPasses()
        self._shapes: Shapes
        self._caches: list[Cache] = []
        self._lock = threading.Lock()

    @property
    def version(self) -> str:
        return f"torch {metadata.version('torch')}, transformers {metadata.version('transformers')}"

    def prepare(self, model: Model, settings: dict[str, Value]) -> None:
        asked = SettingReader(self.name, settings, SETTINGS)
        self._device = asked.text("device", "cpu", ("cpu", "cuda"))
        self._way = asked.text("compile", "none", compiled.WAYS)
        self._precision = asked.text("precision", "fp32", PRECISIONS)
        self._kind = asked.text("shapes", "natural", SHAPES)
        self._num_ctx = asked.whole("num_ctx", 1) or 512
        self._rows = asked.whole("batch", 1) or 1
        self._threads = asked.threads(len(processors()))
        compiled.prepare(self._way, cached=settings.get("compile_cache", True) is not False)
        if self._device == "cuda":
            _find_device()
        if model.source != GPT2_SOURCE:
            folder(model)

    def open(self, model: Model) -> Settings:
        import torch

        if self._threads:
            torch.set_num_threads(self._threads)
        module = self._module = with_precision(model, self._precision, self._device)
        self._tokens = tokens_of(model)
        self.stops, self.trained = self._tokens.stops, model.trained
        self._shapes = shapes_of(self._kind, module, self._num_ctx)
        self._forward = compiled.compiled(_last_logits(module, self._eager), self._way)
        self._whole = compiled.compiled(_all_logits(module, self._eager), self._way)
        return {
            "model": model.name,
            "model_sha256": model.sha256,
            "n_params": model.parameters,
            "trained": model.trained,
            "device": self._device_name(),
            "precision": self._precision,
            "weights_dtype": weights_dtype(module),
            "weights_bytes": weights_bytes(module),
            "model_layers": int(module.config.num_hidden_layers),
            "threads": torch.get_num_threads(),
            "attention": str(getattr(module.config, "_attn_implementation", None)),
            "shapes": self._kind,
            "num_ctx": self._num_ctx,
            "batch": self._rows,
            "cpus_allowed": len(processors()),
        }

    def encode(self, text: str) -> list[int]:
        return self._tokens.encode(text)

    def decode(self, tokens: list[int]) -> str:
        return self._tokens.decode(tokens)

    def prefill(self, tokens: list[int]) -> TorchDecoding:
        decoding = TorchDecoding(self._run, self._shapes, self._give_back)
        decoding.begin(tokens, self._spare())
        return decoding

    def logits(self, tokens: list[int]) -> Logits:
        import torch

        if self._module is None:
            raise RuntimeError("open() comes before logits()")
        with torch.inference_mode():
            return _as_numpy(self._whole(self._ids(tokens)))

    def layers(self) -> Settings:
        """The time of the layers over the shipped test text; see ``layers.py``."""
        if self._module is None:
            raise RuntimeError("open() comes before layers()")
        return layer_facts(self._module, self.prefill, self.encode(test_text()))

    def evidence(self) -> Settings:
        """Those of ``compiled.evidence``, and ``eager_passes`` that ran uncompiled although compiling was asked for."""
        return {**compiled.evidence(self._way), "eager_passes": self._uncompiled(self._eager.total)}

    def own_evidence(self) -> Settings:
        return {"eager_passes": self._uncompiled(self._eager.own)}

    def _uncompiled(self, passes: int) -> int:
        return 0 if self._way == "none" else passes

    def timer(self) -> Timer:
        return CudaTimer() if self._device == "cuda" else MonotonicTimer()

    def close(self) -> None:
        self._module = None
        self._caches.clear()

    def _run(self, tokens: list[int], cache: Cache, last: int) -> Logits:
        """One forward pass; the logits after ``tokens[last]``."""
        import torch

        with torch.inference_mode():
            keep = torch.tensor([last], device=self._device)
            return _as_numpy(self._forward(self._ids(tokens), cache, keep))

    def _ids(self, tokens: list[int]) -> Tensor:
        import torch

        return torch.tensor([tokens] * self._rows, device=self._device)

    def _spare(self) -> Cache:
        with self._lock:
            return self._caches.pop() if self._caches else self._shapes.cache()

    def _give_back(self, cache: Cache) -> None:
        """A cache of fixed size is used again, so that compiled code meets the same tensors."""
        if self._shapes.fixed:
            with self._lock:
                self._caches.append(cache)

    def _device_name(self) -> str:
        import torch

        return str(torch.cuda.get_device_name()) if self._device == "cuda" else "cpu"


class TorchDecoding:
    """One sequence and its cache."""

    def __init__(
        self, run: Callable[[list[int], Cache, int], Logits], shapes: Shapes, give_back: Callable[[Cache], None]
    ) -> None:
        self._run = run
        self._shapes = shapes
        self._give_back = give_back
        self._cache: Cache
        self.logits: Logits

    def begin(self, tokens: list[int], cache: Cache) -> None:
        """The forward pass over the prompt."""
        self._cache = cache
        padded = self._shapes.padded(tokens)
        self.logits = self._run(padded, cache, len(tokens) - 1)
        self._shapes.rewind(cache, len(tokens))

    def step(self, token: int) -> None:
        self.logits = self._run([token], self._cache, 0)

    def __del__(self) -> None:
        if hasattr(self, "_cache"):
            self._shapes.clear(self._cache)
            self._give_back(self._cache)


def _find_device() -> None:
    import torch

    if not torch.cuda.is_available():
        detail = "PyTorch finds no CUDA device; install a driver and a CUDA build of torch, or use device cpu"
        raise EngineFailed(unsupported(Code.DEVICE_MISSING, detail))


def _last_logits(module: Any, eager: EagerPasses) -> Callable[..., Tensor]:
    def forward(ids: Tensor, cache: Cache, keep: Tensor) -> Tensor:
        eager.note()
        logits: Tensor = module(input_ids=ids, cache=cache, use_cache=True, logits_to_keep=keep).logits[0, 0]
        return logits

    return forward


def _all_logits(module: Any, eager: EagerPasses) -> Callable[..., Tensor]:
    def forward(ids: Tensor) -> Tensor:
        eager.note()
        logits: Tensor = module(input_ids=ids, use_cache=False).logits[0]
        return logits

    return forward


def _as_numpy(logits: Tensor) -> Logits:
    found: Logits = logits.float().cpu().numpy()
    return found
