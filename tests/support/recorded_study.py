"""A study whose block takes seconds: two cells of the pacer, twice. And one that no machine can run."""

from __future__ import annotations

from dataclasses import replace

from harness.design import Factor, Primary, Profile, Prompt, Study, Workload
from harness.models import PACER
from harness.registry import Registry

STUDY = Study(
    id="paced",
    title="Paced",
    question="Does a slower pace reach the client?",
    backend="pacer",
    factors=(Factor("itl_ms", (1, 4), "itl_ms", "ms", "gap between tokens"),),
    fixed=(("model", PACER.name), ("ttft_ms", 5)),
    workload=Workload(prompts=(Prompt("one", "Say tok."), Prompt("two", "Say tok.")), max_tokens=8, warmup=0),
    profiles=(Profile("quick", runs=6), Profile("smoke", runs=2)),
    metrics=("ttft", "itl"),
    primaries=(Primary("pace", "itl", "itl_ms", 4, 1),),
    sessions=6,
)
UNREACHABLE = replace(
    STUDY,
    id="nowhere",
    backend="openai_http",
    factors=(Factor("max_tokens", (2, 4)),),
    fixed=STUDY.fixed[:1],
    primaries=(),
)
STUDIES: Registry[Study] = Registry(
    "study",
    ("paced", "tests.support.recorded_study:STUDY"),
    ("nowhere", "tests.support.recorded_study:UNREACHABLE"),
    ("calibration", "harness.studies.calibration:STUDY"),
)
