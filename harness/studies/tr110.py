"""TR110: do two agents at once finish two tasks sooner? Each asks a server of its own, of one thread."""

from __future__ import annotations

from ..design import Factor, Primary, Profile, Study
from ..design.agents import ANALYST, ROLES, configured, earlier_pairs, fixed, own_servers, pair
from ..design.declare import bundles, subset
from ..models import GEMMA_3_270M
from ..texts.agent_prompts import workload

_CONFIGURATIONS = earlier_pairs()
_QUICK = (
    "baseline vs chimera, gpu 80, ctx 1024",
    "hetero, gpu 80, ctx 512 | gpu 80, ctx 1024",
    "homo, gpu 80, ctx 1024",
)

STUDY = Study(
    id="tr110",
    title="Two Python Agents",
    question="Do two agents at once finish two tasks sooner?",
    backend="llama_cpp",
    factors=(
        configured("configuration", _CONFIGURATIONS, "settings of the two servers"),
        Factor("isolation", ("processes", "tasks"), meaning="agents are processes, or tasks of one process"),
    ),
    bundles=bundles(configuration=_CONFIGURATIONS),
    fixed=fixed(
        pair("python", tasks=False, client="httpx"), own_servers(), model=GEMMA_3_270M.name, baselines=True, threads=1,
        server__a__parallel=1, server__b__parallel=1,
    ),
    workload=workload(ANALYST, *ROLES),
    profiles=(
        Profile("smoke", runs=1, subset=subset(configuration=_QUICK[2:], isolation=("processes",)), max_tokens=8),
        Profile("quick", runs=4, subset=subset(configuration=_QUICK, isolation=("processes",))),
        Profile("full", runs=5),
    ),
    metrics=(
        "parallel_speedup", "parallel_efficiency", "overlap_ratio", "overlap_efficiency", "contention",
        "contention_relative", "ttft_inflation", "throughput_delta", "ttft_delta", "aggregate_tps", "tasks_per_hour",
        "length_imbalance", "imbalance_loss", "coordination_loss", "start_skew",
    ),
    primaries=(
        Primary("hetero", "parallel_efficiency", "configuration", _QUICK[1], _QUICK[2]),
        Primary("baseline", "parallel_efficiency", "configuration", _QUICK[0], _QUICK[2]),
    ),
    sessions=7,
)  # fmt: skip
