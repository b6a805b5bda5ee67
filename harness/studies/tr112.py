"""TR112: which language for one agent? Both do the same tasks, interleaved in every block."""

from __future__ import annotations

from ..design import Factor, Primary, Profile, Study
from ..design.agents import DEFAULTS, LANGUAGES, agent, configured, fixed, single
from ..design.declare import bundles, subset
from ..models import GEMMA_3_270M
from ..texts.agent_prompts import workload

_CONFIGURATIONS = single()
_QUICK = (DEFAULTS, *(f"gpu 80, ctx {ctx}, T 0.8" for ctx in (512, 1024, 2048)))
_LANGUAGES = {
    "python": agent("a", "python", client="httpx"),
    "rust": agent("a", "rust", runtime="tokio"),
}


def _rust_over_python(name: str, metric: str) -> Primary:
    return Primary(name, metric, "language", "rust", "python")


STUDY = Study(
    id="tr112",
    title="Rust and Python, One Agent",
    question="Which language for one agent?",
    backend="llama_cpp",
    factors=(
        Factor("language", tuple(_LANGUAGES), meaning="language of the agent", words=LANGUAGES),
        configured("configuration", _CONFIGURATIONS, "layers on the GPU, context window and temperature"),
    ),
    bundles=bundles(language=_LANGUAGES, configuration=_CONFIGURATIONS),
    fixed=fixed(model=GEMMA_3_270M.name, threads="all"),
    workload=workload("analyst"),
    profiles=(
        Profile("smoke", runs=1, subset=subset(configuration=_QUICK[:1]), max_tokens=8),
        Profile("quick", runs=5, subset=subset(configuration=_QUICK)),
        Profile("full", runs=5),
    ),
    metrics=(
        "task_duration", "ttft", "decode_tps", "connect_time", "ingested_files", "report_quality", "agent_startup",
        "agent_cpu_time", "agent_cpu_wait", "agent_rss_peak", "agent_threads", "agent_switches",
    ),
    primaries=(
        _rust_over_python("duration", "task_duration"),
        _rust_over_python("first-token", "ttft"),
        _rust_over_python("start-up", "agent_startup"),
        _rust_over_python("cpu", "agent_cpu_time"),
        _rust_over_python("memory", "agent_rss_peak"),
    ),
    sessions=8,
)  # fmt: skip
