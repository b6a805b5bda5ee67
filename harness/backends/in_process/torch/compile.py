"""torch.compile as a level, and what its own counters say it did."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Callable
from typing import Any

from ....events import Settings
from ....outcomes import Code, unsupported
from ....protocols import EngineFailed
from ....weights.locate import cache_folder

WAYS = ("none", "default", "reduce-overhead", "dynamic")
_OPTIONS: dict[str, dict[str, Any]] = {
    "default": {},
    "reduce-overhead": {"mode": "reduce-overhead"},
    "dynamic": {"dynamic": True},
}
_MOST = 100_000
_LIMIT = "Dynamo recompile limit exceeded"
_COUNTERS = ("graphs", "recompiles", "limits", "graph_breaks", "fallbacks", "cudagraphs", "compile_s")


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
    """The compiler's counters in this process; all zero where nothing was compiled.

    ``recompiles`` are graphs made because an earlier one did not fit. Where the compiler's limit of graphs stood in the
    way it counts as ``limits`` instead, and as one of the ``fallbacks``: frames handed back to Python.
    """
    if way == "none":
        return dict.fromkeys(_COUNTERS, 0)
    from torch._dynamo import utils

    metrics = utils.get_compilation_metrics()
    limited = [bool(m.fail_reason and m.fail_reason.startswith(_LIMIT)) for m in metrics]
    found = (
        int(utils.counters["stats"]["unique_graphs"]),
        sum(bool(m.recompile_reason) and not stopped for m, stopped in zip(metrics, limited, strict=True)),
        sum(limited),
        sum(utils.counters["graph_break"].values()),
        sum(1 for m in metrics if m.fail_type),
        _cudagraphs(),
        sum(m.duration_us or 0 for m in metrics) / 1e6,
    )
    return dict(zip(_COUNTERS, found, strict=True))


def _cudagraphs() -> int:
    """How many CUDA graphs are recorded: what *reduce-overhead* promises."""
    from torch._inductor import cudagraph_trees

    manager = cudagraph_trees.get_manager(0, create_if_none_exists=False) if _on_gpu() else None
    return int(manager.new_graph_id().id) if manager else 0


def _on_gpu() -> bool:
    import torch

    return bool(torch.cuda.is_available())
