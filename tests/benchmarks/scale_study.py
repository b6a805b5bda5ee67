"""The study of every report of the scale corpus, copied into its ``harness/studies``."""

from __future__ import annotations

from harness.design import Factor, Profile, Prompt, Study, Workload
from harness.models import GEMMA_3_270M, SMOLLM2_135M

RUNS_PER_CELL = 25


def scale_study(report: str) -> Study:
    """Eight cells: two models, two numbers of threads, two context windows."""
    return Study(
        id=report,
        title="Scale corpus (synthetic)",
        question="Which settings matter for one request?",
        backend="llama_cpp",
        factors=(
            Factor("model", (GEMMA_3_270M.name, SMOLLM2_135M.name), "model_sha256"),
            Factor("threads", (1, 2), "threads", "threads"),
            Factor("num_ctx", (512, 2048), "num_ctx", "tokens"),
        ),
        workload=Workload(tuple(Prompt(f"p{n}", f"Synthetic prompt {n}.") for n in range(5)), max_tokens=8),
        profiles=(Profile("quick", runs=RUNS_PER_CELL),),
        metrics=("ttft", "tpot", "e2e_latency", "decode_tps", "server_decode_tps", "load_time"),
    )
