"""TR113: what does it cost two agents to share one server? Slots are the factor, and the context of each is the same.

A server has one configuration, so two agents on it differ in their roles alone.
"""

from __future__ import annotations

from ..design import Factor, Primary, Profile, Study
from ..design.agents import ANALYST, ROLES, configured, fixed, one_server_pairs, pair
from ..design.declare import bundles, subset
from ..models import GEMMA_3_270M
from ..texts.agent_prompts import workload

_CONFIGURATIONS = one_server_pairs()
_QUICK = ("baseline vs chimera, gpu 80, ctx 1024", "homo, gpu 80, ctx 1024")

STUDY = Study(
    id="tr113",
    title="Two Rust Agents, One Server",
    question="What does it cost two agents to share one server?",
    backend="llama_cpp",
    factors=(
        configured("configuration", _CONFIGURATIONS, "roles of the agents, settings of the server"),
        Factor("parallel", (1, 2), "slots", "slots", "requests that the server works on at once", "slots"),
    ),
    bundles=bundles(configuration=_CONFIGURATIONS),
    fixed=fixed(pair("rust", tasks=False, runtime="tokio"), model=GEMMA_3_270M.name, baselines=True, threads=2),
    workload=workload(ANALYST, *ROLES),
    profiles=(
        Profile("smoke", runs=1, subset=subset(configuration=_QUICK[1:]), max_tokens=8),
        Profile("quick", runs=5, subset=subset(configuration=_QUICK)),
        Profile("full", runs=5),
    ),
    metrics=(
        "parallel_speedup", "parallel_efficiency", "overlap_ratio", "overlap_efficiency", "queue_together",
        "queue_alone", "contention", "contention_relative", "ttft_inflation", "aggregate_tps", "tasks_per_hour",
        "length_imbalance", "imbalance_loss", "coordination_loss", "start_skew",
    ),
    primaries=(
        Primary("slots", "tasks_per_hour", "parallel", 2, 1),
        Primary("queue", "queue_together", "parallel", 2, 1),
    ),
    sessions=7,
)  # fmt: skip
