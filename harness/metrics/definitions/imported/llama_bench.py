"""What llama-bench says in its own definitions: of an engine without a server, each repetition a run."""

from __future__ import annotations

from ....units import MS, TOK_PER_S
from .printed_by_tools import printed

_RATE = "(prompt tokens + generated tokens) / wall time of a repetition"

METRICS = (
    printed("llama_bench_prompt_tps", "llama-bench ts of prompts", TOK_PER_S, f"{_RATE}; prompts alone", better=True),
    printed(
        "llama_bench_generation_tps",
        "llama-bench ts of generation",
        TOK_PER_S,
        f"{_RATE}; generation alone",
        better=True,
    ),
    printed(
        "llama_bench_mixed_tps",
        "llama-bench ts of prompt and generation together",
        TOK_PER_S,
        f"{_RATE}; both, so neither rate",
        better=True,
    ),
    printed("llama_bench_time", "llama-bench time of a repetition", MS, "wall time of prompt and generation"),
    printed("llama_bench_printed_avg_ts", "llama-bench avg_ts", TOK_PER_S, "mean of rates", better=True),
    printed(
        "llama_bench_printed_stddev_ts",
        "llama-bench stddev_ts",
        TOK_PER_S,
        "sample standard deviation of rates; null for one repetition",
    ),
    printed("llama_bench_printed_avg_ns", "llama-bench avg_ns", MS, "mean of times"),
)
