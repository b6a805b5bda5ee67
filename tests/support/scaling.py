"""A synthetic study of a size: decode speed grows with the square root of ``threads``, twelve levels of them."""

from __future__ import annotations

from pathlib import Path

from harness.design import Factor, Profile, Prompt, Scenario, Study, Workload
from harness.models import SMOLLM2_135M
from tests.support.datasets import make_dataset

SIZES = tuple(range(1, 13))
POWER = 0.5


def scaling_study(study_id: str = "tr900") -> Study:
    """One cell for each size."""
    return Study(
        id=study_id,
        title="A size (synthetic)",
        question="How does speed grow with a size?",
        backend="llama_cpp",
        scenario=Scenario.SINGLE_STREAM,
        factors=(Factor("threads", SIZES, "threads", "threads", "threads of the engine"),),
        workload=Workload((Prompt("hello", "Hello there, how are you today?"),), max_tokens=8, warmup=0),
        profiles=(Profile("smoke", runs=6),),
        metrics=("ttft", "tpot", "e2e_latency", "decode_tps"),
        fixed=(("model", SMOLLM2_135M.name), ("num_ctx", 256)),
    )


def make_scaling(root: Path) -> Path:
    """Seals a recording of it under ``root`` and returns its folder."""
    effect = {f"threads={size}": size**POWER for size in SIZES}
    return make_dataset(root, study=scaling_study(), runs=6, requests=2, tokens=8, effect=effect, failures=1)
