"""The embedded llama.cpp server in a process of its own: ``python -m harness.backends.llama_cpp_server``.

Reads one JSON line (``Launch``) from stdin, loads the model, prints one JSON line (``Ready``) on what was stdout, and
serves until stdin ends or its parent dies. Whatever the engine prints goes to stderr: that is its log.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from typing import Any

from ..client.scheduler_policy import be_an_engine
from ..processes.limits import limit_memory
from ..processes.parent import Parent
from ..processes.parent_death import die_with_parent


@dataclass(frozen=True, slots=True)
class Launch:
    """What the engine is asked for; ``None`` leaves the engine's own default.

    ``n_ctx`` is the context of *one* slot; ``cpus`` are the processors that its threads may use; ``n_ubatch`` is how
    many tokens of a prompt are computed at once; ``memory_bytes`` limits the memory that is no file.
    """

    model: str
    n_gpu_layers: int | None = None
    n_ctx: int | None = None
    n_threads: int | None = None
    n_parallel: int = 1
    cpus: tuple[int, ...] = ()
    kv_type: str | None = None
    flash_attention: bool | None = None
    n_ubatch: int | None = None
    mmap: bool | None = None
    context_shift: bool | None = None
    memory_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """Where the engine listens and what it runs on; ``gpus`` are the names of its GPU devices."""

    address: str
    devices: list[str]
    gpus: list[str]
    system: str


def main() -> None:
    """Entry point of the process."""
    parent = Parent()
    launch = parent.hear(Launch)
    die_with_parent()
    be_an_engine()
    if launch.cpus and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, launch.cpus)
    _serve(launch, parent)


def _serve(launch: Launch, parent: Parent) -> None:
    import xllamacpp

    if launch.memory_bytes is not None:
        limit_memory(launch.memory_bytes)
    server = xllamacpp.Server(_params(launch))
    devices = xllamacpp.get_device_info()
    ready = Ready(
        address=server.listening_address,
        devices=[device["name"] for device in devices],
        gpus=[device["name"] for device in devices if "GPU" in device["type"].name],
        system=xllamacpp.get_system_info(),
    )
    parent.say(ready)
    threading.Event().wait()


def _params(launch: Launch) -> Any:
    """Everything that the engine could adjust by itself, or do besides, is off: no fitting, no host prompt cache."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = launch.model
    params.fit_params = False
    params.cache_ram_mib = 0
    params.n_parallel = launch.n_parallel
    params.endpoint_metrics = params.endpoint_props = params.endpoint_slots = True
    params.ui = False
    params.verbosity = 4
    if launch.n_ctx is not None:
        params.n_ctx = launch.n_ctx * launch.n_parallel
    if launch.n_gpu_layers is not None:
        params.n_gpu_layers = launch.n_gpu_layers
    if launch.n_threads is not None:
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = launch.n_threads
    _set_memory(params, launch)
    return params


def _set_memory(params: Any, launch: Launch) -> None:
    """How weights are loaded, and how the key-value cache is kept and read."""
    import xllamacpp

    if launch.kv_type is not None:
        kind = getattr(xllamacpp.ggml_type, f"GGML_TYPE_{launch.kv_type.upper()}")
        params.cache_type_k = params.cache_type_v = kind
    if launch.flash_attention is not None:
        how = "ENABLED" if launch.flash_attention else "DISABLED"
        params.flash_attn_type = getattr(xllamacpp.llama_flash_attn_type, f"LLAMA_FLASH_ATTN_TYPE_{how}")
    if launch.n_ubatch is not None:
        params.n_ubatch = launch.n_ubatch
    if launch.mmap is not None:
        mode = "MMAP" if launch.mmap else "NONE"
        params.load_mode = getattr(xllamacpp.llama_load_mode, f"LLAMA_LOAD_MODE_{mode}")
    if launch.context_shift is not None:
        params.ctx_shift = launch.context_shift


if __name__ == "__main__":
    main()
