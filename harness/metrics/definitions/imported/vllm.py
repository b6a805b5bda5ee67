"""What ``vllm bench serve`` says in its own definitions (0.33.0)."""

from __future__ import annotations

from ....units import MS, REQ_PER_S, S, TOK_PER_S
from .told import of_requests, printed, statistics

_TTFT = "first chunk with output − before the request was posted; in completions the first chunk with choices"
_TPOT = "(latency − ttft) / (output length − 1), of requests with more than one token"
_ITL = "gaps between chunks, pooled; in completions the closing chunk adds one"
_E2EL = "last chunk − before the request was posted; in completions the closing chunk"

METRICS = (
    of_requests("vllm_ttft", "ttft of completions (vLLM)", MS, _TTFT),
    of_requests("vllm_tpot", "tpot of completions (vLLM)", MS, _TPOT),
    of_requests(
        "vllm_mean_itl", "mean itl of a request of completions (vLLM)", MS, "mean gap, the closing chunk's too"
    ),
    of_requests("vllm_e2el", "e2el (vLLM)", MS, _E2EL),
    *statistics("vllm_printed_ttft", "printed ttft (vLLM)", MS, _TTFT),
    *statistics("vllm_printed_tpot", "printed tpot (vLLM)", MS, _TPOT),
    *statistics("vllm_printed_itl", "printed itl (vLLM)", MS, _ITL),
    *statistics("vllm_printed_e2el", "printed e2el (vLLM)", MS, _E2EL),
    printed("vllm_duration", "duration (vLLM)", S, "wall time of the benchmark, stragglers and failures included"),
    printed(
        "vllm_request_throughput",
        "request throughput (vLLM)",
        REQ_PER_S,
        "completed requests / duration",
        better=True,
    ),
    printed(
        "vllm_output_throughput",
        "output throughput (vLLM)",
        TOK_PER_S,
        "output tokens of successful requests / duration",
        better=True,
    ),
    printed(
        "vllm_request_goodput",
        "request goodput (vLLM)",
        REQ_PER_S,
        "requests within the limits of the command / duration",
        better=True,
    ),
)
