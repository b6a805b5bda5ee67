"""How is the quality score of an agent's report spread over seeds, and does it tell texts apart?

A study of agents has one seed, so that its texts repeat. Here the seed is the factor: one task each, and one text.
"""

from __future__ import annotations

from ..design import Factor, Profile, Study
from ..design.agents import ANALYST, agent, fixed
from ..design.declare import subset
from ..models import GEMMA_3_270M, SMOLLM2_135M, TITLES
from ..texts.agent_prompts import workload

_MODELS = (GEMMA_3_270M.name, SMOLLM2_135M.name)
_SEEDS = tuple(range(1000, 1240, 10))
"""Apart, because the second request of a task has the next seed."""

STUDY = Study(
    id="quality-score",
    title="Quality score over seeds",
    question="How is the quality score of a report spread over seeds, and does it tell texts apart?",
    backend="llama_cpp",
    factors=(
        Factor("model", _MODELS, "model_sha256", meaning="model and quantisation", words=TITLES),
        Factor("seed", _SEEDS, meaning="seed of the first request of a task"),
    ),
    fixed=fixed(agent("a", "python", client="httpx"), threads="all", temperature=0.8),
    workload=workload(ANALYST),
    profiles=(
        Profile("smoke", runs=1, subset=subset(seed=_SEEDS[:2]), max_tokens=8),
        Profile("quick", runs=1, subset=subset(seed=_SEEDS[:12])),
        Profile("full", runs=1),
    ),
    metrics=("report_quality", "task_duration", "ingested_files"),
)
