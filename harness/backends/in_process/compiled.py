"""torch.compile as a level, and what its own counters say it did."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Callable
from typing import Any

from ...events import Settings
from ...outcomes import Code, unsupported
from ...protocols import EngineFailed
from ..weights import cache_folder

WAYS = ("none", "default", "reduce-overhead", "dynamic")
_OPTIONS: dict[str, dict[str, Any]] = {
    "default": {},
    "reduce-overhead": {"mode": "reduce-overhead"},
    "dynamic": {"dynamic": True},
}
_MOST = 100_000


def prepare(way: str, *, cached: bool) -> None:
    """Before torch is imported: where compiled code is kept, or that none is reused.

    Raises ``EngineFailed`` where there is no C++ compiler to generate code for the processor with.
    """
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(cache_folder() / "inductor")
    if not cached:
        os.environ["TORCHINDUCTOR_FORCE_DISABLE_CACHES"] = "1"
    if way != "none" and not any(shutil.which(name) for name in (os.environ.get("CXX", "c++"), "g++", "clang++")):
        detail = "torch.compile needs a C++ compiler; install g++ or set CXX"
        raise EngineFailed(unsupported(Code.ENGINE_MISSING, detail))


def compiled(function: Callable[..., Any], way: str) -> Callable[..., Any]:
    """``function``, or what compiles it when it is first called."""
    if way == "none":
        return function
    import torch
    from torch._dynamo import utils

    warnings.filterwarnings("ignore")
    utils.set_compilation_metrics_limit(_MOST)
    made: Callable[..., Any] = torch.compile(function, **_OPTIONS[way])
    return made


def evidence(way: str) -> Settings:
    """The compiler's counters in this process; all zero where nothing was compiled."""
    if way == "none":
        return {"graphs": 0, "recompiles": 0, "graph_breaks": 0, "fallbacks": 0, "cudagraphs": 0, "compile_s": 0.0}
    from torch._dynamo import utils

    metrics = utils.get_compilation_metrics()
    counters = utils.counters
    return {
        "graphs": int(counters["stats"]["unique_graphs"]),
        "recompiles": sum(1 for m in metrics if m.recompile_reason),
        "graph_breaks": sum(counters["graph_break"].values()),
        "fallbacks": sum(1 for m in metrics if m.fail_type),
        "cudagraphs": _cudagraphs(),
        "compile_s": sum(m.duration_us or 0 for m in metrics) / 1e6,
    }


def _cudagraphs() -> int:
    """How many CUDA graphs are recorded: what *reduce-overhead* promises."""
    from torch._inductor import cudagraph_trees

    manager = cudagraph_trees.get_manager(0, create_if_none_exists=False) if _on_gpu() else None
    return int(manager.new_graph_id().id) if manager else 0


def _on_gpu() -> bool:
    import torch

    return bool(torch.cuda.is_available())
