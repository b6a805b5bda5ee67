"""TR114: what does a second server change, at the same threads in all?

One server has one configuration, so only agents of one configuration are compared between one server and two. Two
servers of two threads each on two processors are a declared third arm.
"""

from __future__ import annotations

from ..design import Factor, Primary, Profile, Study, Value
from ..design.agents import ANALYST, ROLES, configured, earlier_pairs, fixed, own_servers, pair
from ..design.declare import bundles, exclusions, subset
from ..models import GEMMA_3_270M
from ..texts.agent_prompts import workload

ONE, TWO, OVER = "1 × 2 threads", "2 × 1 thread", "2 × 2 threads"
_SERVERS: dict[str, dict[str, Value]] = {
    ONE: {"agent.a.server": "a", "agent.b.server": "a", "server.a.threads": 2, "server.a.parallel": 2},
    TWO: {**own_servers(), "server.a.threads": 1, "server.b.threads": 1},
    OVER: {**own_servers(), "server.a.threads": 2, "server.b.threads": 2},
}
_SAID = (
    (ONE, "one server of 2 threads"),
    (TWO, "two servers of 1 thread each"),
    (OVER, "two servers of 2 threads each"),
)
_CONFIGURATIONS = earlier_pairs()
_UNLIKE = tuple(name for name in _CONFIGURATIONS if not name.startswith("homo"))
_QUICK = (
    "baseline vs chimera, gpu 80, ctx 1024",
    "hetero, gpu 80, ctx 512 | gpu 80, ctx 1024",
    "homo, gpu 80, ctx 1024",
)

STUDY = Study(
    id="tr114",
    title="Two Rust Agents, Two Servers",
    question="What does a second server change in tasks per hour, at the same threads?",
    backend="llama_cpp",
    factors=(
        configured("configuration", _CONFIGURATIONS, "settings of the servers, roles of the agents"),
        Factor("servers", tuple(_SERVERS), meaning="servers × threads of each", words=_SAID),
    ),
    exclusions=exclusions("configuration", "servers", dict.fromkeys(_UNLIKE, (TWO,)), _SERVERS),
    bundles=bundles(configuration=_CONFIGURATIONS, servers=_SERVERS),
    fixed=fixed(pair("rust", tasks=False, runtime="tokio"), model=GEMMA_3_270M.name, baselines=True),
    workload=workload(ANALYST, *ROLES),
    profiles=(
        Profile("smoke", runs=1, subset=subset(configuration=_QUICK[2:], servers=(ONE, TWO)), max_tokens=8),
        Profile("quick", runs=4, subset=subset(configuration=_QUICK)),
        Profile("full", runs=5),
    ),
    metrics=(
        "tasks_per_hour", "aggregate_tps", "parallel_speedup", "parallel_efficiency", "overlap_ratio",
        "overlap_efficiency", "queue_together", "queue_alone", "contention", "contention_relative", "ttft_inflation",
        "ttft_together", "length_imbalance", "imbalance_loss", "coordination_loss",
    ),
    primaries=(Primary("second-server", "tasks_per_hour", "servers", TWO, ONE, (("configuration", _QUICK[2]),)),),
    sessions=6,
)  # fmt: skip
