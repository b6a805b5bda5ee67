"""The instrument's own error: our client against a pacer that knows when it wrote each token.

The grid is the specification's: time to first token × gap between tokens × streams at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..design import Factor, Profile, Prompt, Scenario, Study, Workload
from ..design.declare import subset
from ..models import PACER

SHORT = "short"
_STREAMS = (1, 8, 32, 64)

STUDY = Study(
    id="calibration",
    title="Instrument calibration",
    question="How far are our latencies from the truth, and up to which load?",
    backend="pacer",
    scenario=Scenario.MULTI_STREAM,
    factors=(
        Factor(
            "ttft_ms",
            (1, 10, 100, 1000),
            "ttft_ms",
            "ms",
            "time from the request to the first token",
            "time to first token",
        ),
        Factor("itl_ms", (1, 5, 20, 50), "itl_ms", "ms", "gap between tokens", "gap between tokens"),
        Factor("streams", _STREAMS, None, "streams", "streams at once"),
    ),
    fixed=(("model", PACER.name), ("stagger_us", 313)),
    workload=Workload(
        prompts=tuple(Prompt(f"round-{k}", "Say tok.") for k in range(1, 4)),
        max_tokens=50,
        warmup=0,
    ),
    profiles=(
        Profile("smoke", runs=2, subset=subset(ttft_ms=(10,), itl_ms=(5,), streams=(1, 8)), max_tokens=20),
        Profile("quick", runs=3, subset=subset(ttft_ms=(10, 100), itl_ms=(1, 5, 20), streams=(1, 8, 64))),
        Profile("full", runs=5),
    ),
    metrics=("ttft", "itl", "decode_tps"),
    sessions=6,
)


def short(streams: Iterable[int]) -> Study:
    """The same study with one small profile, which takes seconds: three paces, and for each of ``streams`` the next
    number of the grid, or its largest."""
    wanted = {next((level for level in _STREAMS if level >= count), _STREAMS[-1]) for count in streams}
    levels = subset(ttft_ms=(10,), itl_ms=(1, 5, 20), streams=tuple(sorted(wanted)))
    return replace(STUDY, profiles=(Profile(SHORT, runs=1, subset=levels, max_tokens=20),))
