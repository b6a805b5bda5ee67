"""TR111: the same agent in Rust; its cells are those of TR109."""

from __future__ import annotations

from ..design import Primary, Profile, Study
from ..design.agents import DEFAULTS, agent, configured, fixed, single
from ..design.declare import bundles, subset
from ..models import GEMMA_3_270M
from ..texts.agent_prompts import workload

_CONFIGURATIONS = single()
_QUICK = (DEFAULTS, *(f"gpu 80, ctx {ctx}, T 0.8" for ctx in (512, 1024, 2048)))

STUDY = Study(
    id="tr111",
    title="Rust Agent Workflows",
    question="How does the same agent do in Rust?",
    backend="llama_cpp",
    factors=(configured("configuration", _CONFIGURATIONS, "layers on the GPU, context window and temperature"),),
    bundles=bundles(configuration=_CONFIGURATIONS),
    fixed=fixed(agent("a", "rust", runtime="tokio"), model=GEMMA_3_270M.name, threads="all"),
    workload=workload("analyst"),
    profiles=(
        Profile("smoke", runs=1, subset=subset(configuration=_QUICK[:2]), max_tokens=8),
        Profile("quick", runs=5, subset=subset(configuration=_QUICK)),
        Profile("full", runs=5),
    ),
    metrics=(
        "task_duration",
        "ttft",
        "decode_tps",
        "ingested_files",
        "report_quality",
        "agent_startup",
        "agent_cpu_time",
    ),
    primaries=(
        Primary("tuned", "task_duration", "configuration", _QUICK[1], DEFAULTS),
        Primary("num-ctx", "task_duration", "configuration", _QUICK[3], _QUICK[1]),
    ),
    sessions=7,
)
