"""What ``vllm bench serve`` says in its own definitions (0.33.0)."""

from __future__ import annotations

from ....units import MS, REQ_PER_S, TOK_PER_S, S
from .printed_by_tools import of_requests, printed, statistics

_TTFT = "first chunk with output − before the request was posted; in completions the first chunk with choices"
_TPOT = "(latency − ttft) / (output length − 1), of requests with more than one token"
_ITL = "gaps between chunks, pooled; in completions the closing chunk adds one"
_E2EL = "last chunk − before the request was posted; in completions the closing chunk"

METRICS = (
    of_requests("vllm_ttft", "vLLM ttft of completions", MS, _TTFT),
    of_requests("vllm_tpot", "vLLM tpot of completions", MS, _TPOT),
    of_requests(
        "vllm_mean_itl", "vLLM itl of completions, average of a request", MS, "mean gap, the closing chunk's too"
    ),
    of_requests("vllm_e2el", "vLLM end-to-end latency of completions", MS, _E2EL),
    *statistics("vllm_printed_ttft", "vLLM ttft", MS, _TTFT),
    *statistics("vllm_printed_tpot", "vLLM tpot", MS, _TPOT),
    *statistics("vllm_printed_itl", "vLLM itl", MS, _ITL),
    *statistics("vllm_printed_e2el", "vLLM end-to-end latency", MS, _E2EL),
    printed("vllm_duration", "vLLM duration", S, "wall time of the benchmark, stragglers and failures included"),
    printed(
        "vllm_request_throughput",
        "vLLM request_throughput",
        REQ_PER_S,
        "completed requests / duration",
        better=True,
    ),
    printed(
        "vllm_output_throughput",
        "vLLM output_throughput",
        TOK_PER_S,
        "output tokens of successful requests / duration",
        better=True,
    ),
    printed(
        "vllm_request_goodput",
        "vLLM request_goodput",
        REQ_PER_S,
        "requests within the limits of the command / duration",
        better=True,
    ),
)
