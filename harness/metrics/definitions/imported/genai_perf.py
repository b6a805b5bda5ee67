"""What genai-perf says in its own definitions (0.0.16)."""

from __future__ import annotations

from ....units import MS, REQ_PER_S, TOK_PER_S
from .printed_by_tools import of_requests, printed, statistics

_TTFT = "first response with content − send"
_TTST = "second response − first response"
_E2E = "last response with content − send"
_ITL = "(request latency − time to first token) / (output tokens − 1), by the client's tokenizer, in whole ns"

METRICS = (
    of_requests("genai_perf_time_to_second_token", "genai-perf time_to_second_token", MS, _TTST),
    *statistics("genai_perf_printed_ttft", "genai-perf time_to_first_token", MS, _TTFT),
    *statistics("genai_perf_printed_ttst", "genai-perf time_to_second_token", MS, _TTST),
    *statistics("genai_perf_printed_itl", "genai-perf inter_token_latency", MS, _ITL),
    *statistics("genai_perf_printed_request_latency", "genai-perf request_latency", MS, _E2E),
    printed(
        "genai_perf_request_throughput",
        "genai-perf request_throughput",
        REQ_PER_S,
        "requests kept / (first send → last response)",
        better=True,
    ),
    printed(
        "genai_perf_output_token_throughput",
        "genai-perf output_token_throughput",
        TOK_PER_S,
        "output tokens of the requests kept / (first send → last response)",
        better=True,
    ),
)
