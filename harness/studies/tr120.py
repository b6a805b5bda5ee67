"""TR120: when does torch.compile help, and when does it hurt?

Prompts of many lengths follow each other, so a shape is rarely seen twice unless it is padded. Compiled code is made
anew in every run: the price of compiling is part of the question.
"""

from __future__ import annotations

from ..design import Factor, Primary, Profile, Prompt, Study, Workload
from ..design.declare import subset
from ..models import SMOLLM2_135M, TITLES

_SENTENCE = (
    "The ferry leaves at seven, unless the fog is thick, and then it leaves when the captain has finished his coffee, "
    "which nobody on the quay has ever seen him hurry."
)


def _against_eager(name: str, compiling: str, shapes: str, within: str) -> Primary:
    """Prefill and decode of one request, compiled over eager: its median or its mean over the requests of a run."""
    return Primary(name, "e2e_kv", "compile", compiling, "none", (("shapes", shapes),), within)


_WAYS = (("none", "eager"),)

STUDY = Study(
    id="tr120",
    title="The Compile Paradox",
    question="When does torch.compile help or hurt?",
    backend="pytorch",
    factors=(
        Factor("model", ("gpt2-25m", SMOLLM2_135M.name), "model", meaning="model", words=TITLES),
        Factor(
            "compile",
            ("none", "default", "reduce-overhead", "dynamic"),
            None,
            meaning="way of compiling",
            title="torch.compile",
            words=_WAYS,
        ),
        Factor("shapes", ("natural", "padded", "bucketed"), "shapes", meaning="lengths that the graph sees"),
    ),
    fixed=(("num_ctx", 256), ("threads", "all"), ("temperature", 0.0), ("compile_cache", False)),
    workload=Workload(
        prompts=tuple(Prompt(f"first-{n}", _SENTENCE[:n]) for n in (12, 95, 33, 120, 51, 20, 74, 140)),
        max_tokens=16,
    ),
    profiles=(
        Profile(
            "smoke",
            runs=1,
            subset=subset(model=("gpt2-25m",), compile=("none", "default"), shapes=("natural",)),
            run_timeout_s=300.0,
        ),
        Profile(
            "quick",
            runs=7,
            subset=subset(model=("gpt2-25m",), compile=("none", "default", "dynamic")),
            run_timeout_s=300.0,
        ),
        Profile("full", runs=30, run_timeout_s=900.0),
    ),
    metrics=(
        "prefill_latency",
        "kv_decode_latency",
        "e2e_kv",
        "e2e_settled",
        "e2e_compiling",
        "compiled_graphs",
        "compile_time",
        "load_time",
    ),
    primaries=(
        _against_eager("default-natural-median", "default", "natural", "median"),
        _against_eager("default-natural-mean", "default", "natural", "mean"),
        _against_eager("default-padded-median", "default", "padded", "median"),
        _against_eager("dynamic-natural-mean", "dynamic", "natural", "mean"),
    ),
    sessions=8,
)
