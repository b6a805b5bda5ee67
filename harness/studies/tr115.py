"""TR115: does the async runtime matter beyond noise? Each has its own reactor; the HTTP client is the same for all.

The last level sets reqwest beside that client on tokio. async-std is discontinued; the earlier series compared it.
"""

from __future__ import annotations

from ..design import Factor, Primary, Profile, Study, Value
from ..design.agents import ANALYST, NAMES, ROLES, configured, fixed, hetero, homo, own_servers, pair, versus
from ..design.declare import bundles, subset
from ..models import GEMMA_3_270M
from ..texts.agent_prompts import workload


def _both(**own: Value) -> dict[str, Value]:
    return {f"agent.{name}.{key}": value for name in NAMES for key, value in own.items()}


_RUNTIMES = {
    "tokio": _both(runtime="tokio"),
    "tokio-localset": _both(runtime="tokio-localset"),
    "async-std": _both(runtime="async-std"),
    "smol": _both(runtime="smol"),
    "smol-1kb": _both(runtime="smol", read_bytes=1024),
    "tokio, reqwest": _both(runtime="tokio", client="reqwest"),
}
_SAID = (
    ("tokio-localset", "tokio (LocalSet)"),
    ("smol-1kb", "smol (reads of 1 KiB)"),
    ("tokio, reqwest", "tokio (reqwest)"),
)
_CONFIGURATIONS = {
    **versus([(80, 512)], heat=1.0),
    **hetero([((80, 512), (100, 1024))], heat=1.0),
    **homo([(100, 512), (80, 512), (80, 1024), (80, 2048)], heat=1.0),
}
_QUICK = ("homo, gpu 80, ctx 1024, T 1.0", "hetero, gpu 80, ctx 512 | gpu 100, ctx 1024, T 1.0")

STUDY = Study(
    id="tr115",
    title="Rust Runtimes",
    question="Does the async runtime matter beyond noise?",
    backend="llama_cpp",
    factors=(
        Factor("runtime", tuple(_RUNTIMES), meaning="async runtime of both agents, with its own reactor", words=_SAID),
        configured("configuration", _CONFIGURATIONS, "settings of the two servers"),
    ),
    bundles=bundles(runtime=_RUNTIMES, configuration=_CONFIGURATIONS),
    fixed=fixed(
        pair("rust", tasks=False), own_servers(), model=GEMMA_3_270M.name, baselines=True, threads=1,
        server__a__parallel=1, server__b__parallel=1,
    ),
    workload=workload(ANALYST, *ROLES),
    profiles=(
        Profile("smoke", runs=1, subset=subset(configuration=_QUICK[:1], runtime=("tokio", "smol")), max_tokens=8),
        Profile("quick", runs=3, subset=subset(configuration=_QUICK)),
        Profile("full", runs=5),
    ),
    metrics=(
        "parallel_efficiency", "overlap_efficiency", "aggregate_tps", "task_duration", "task_duration_alone",
        "ttft_together", "agent_startup", "agent_cpu_time", "agent_cpu_wait", "agent_rss_peak", "agent_threads",
        "agent_switches",
    ),
    primaries=tuple(
        Primary(f"{runtime.replace(', ', '-')}-duration", "task_duration", "runtime", runtime, "tokio")
        for runtime in _RUNTIMES
        if runtime != "tokio"
    ),
    sessions=8,
)  # fmt: skip
