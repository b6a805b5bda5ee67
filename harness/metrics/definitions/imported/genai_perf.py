"""What genai-perf says in its own definitions (0.0.16)."""

from __future__ import annotations

from ....units import MS, REQ_PER_S, TOK_PER_S
from .told import of_requests, printed, statistics

_TTFT = "first response with content − send"
_TTST = "second response − first response"
_E2E = "last response with content − send"
_ITL = "(request latency − time to first token) / (output tokens − 1), by the client's tokenizer, in whole ns"

METRICS = (
    of_requests("genai_perf_time_to_second_token", "time to second token (genai-perf)", MS, _TTST),
    *statistics("genai_perf_printed_ttft", "printed time to first token (genai-perf)", MS, _TTFT),
    *statistics("genai_perf_printed_ttst", "printed time to second token (genai-perf)", MS, _TTST),
    *statistics("genai_perf_printed_itl", "printed inter token latency (genai-perf)", MS, _ITL),
    *statistics("genai_perf_printed_request_latency", "printed request latency (genai-perf)", MS, _E2E),
    printed(
        "genai_perf_request_throughput",
        "request throughput (genai-perf)",
        REQ_PER_S,
        "requests kept / (first send → last response)",
        better=True,
    ),
    printed(
        "genai_perf_output_token_throughput",
        "output token throughput (genai-perf)",
        TOK_PER_S,
        "output tokens of the requests kept / (first send → last response)",
        better=True,
    ),
)
