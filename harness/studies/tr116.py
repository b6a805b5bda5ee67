"""TR116: does the model matter more than the language of the agents?"""

from __future__ import annotations

from ..design import Factor, Primary, Profile, Study
from ..design.agents import ANALYST, LANGUAGES, ROLES, configured, fixed, homo, own_servers, pair, versus
from ..design.declare import bundles, subset
from ..models import GEMMA_3_270M, SMOLLM2_135M, TITLES
from ..texts.agent_prompts import workload

_LANGUAGES = {
    "python": pair("python", tasks=False, client="httpx"),
    "rust": pair("rust", tasks=False, runtime="tokio"),
}
_SCENARIOS = {**versus([(80, 1024)]), **homo([(80, 1024)])}
_MODELS = (GEMMA_3_270M.name, SMOLLM2_135M.name)

STUDY = Study(
    id="tr116",
    title="Cross-Model Agents",
    question="Does the model matter more than the language?",
    backend="llama_cpp",
    factors=(
        Factor("model", _MODELS, "model_sha256", meaning="model and quantisation", words=TITLES),
        Factor("language", tuple(_LANGUAGES), meaning="language of both agents", words=LANGUAGES),
        configured("scenario", _SCENARIOS, "settings of the two servers"),
    ),
    bundles=bundles(language=_LANGUAGES, scenario=_SCENARIOS),
    fixed=fixed(own_servers(), baselines=True, threads=1, server__a__parallel=1, server__b__parallel=1),
    workload=workload(ANALYST, *ROLES),
    profiles=(
        Profile("smoke", runs=1, subset=subset(scenario=tuple(_SCENARIOS)[1:]), max_tokens=8),
        Profile("quick", runs=3),
        Profile("full", runs=5),
    ),
    metrics=(
        "parallel_efficiency", "overlap_efficiency", "aggregate_tps", "tasks_per_hour", "task_duration",
        "task_tps_together", "ttft_together", "length_imbalance", "imbalance_loss", "coordination_loss",
    ),
    primaries=(
        Primary("language", "aggregate_tps", "language", "rust", "python"),
        Primary("model", "aggregate_tps", "model", _MODELS[1], _MODELS[0]),
    ),
    sessions=7,
)  # fmt: skip
