"""What inference-perf says in its own definitions (0.7.0)."""

from __future__ import annotations

from ....units import MS, REQ_PER_S, TOK_PER_S
from .printed_by_tools import of_requests, printed, statistics

_WHOLE = "dispatch → whole body read"
_NORMAL = "request latency / output tokens; null where there are none"
_TTFT = "first chunk with text − dispatch, of answers of more than one token"
_TPOT = "(last − first chunk with text) / (output tokens − 1)"
_ITL = "gaps between tokens, zero between those of one chunk"

METRICS = (
    of_requests("inference_perf_request_latency", "inference-perf request_latency", MS, _WHOLE),
    of_requests("inference_perf_normalized_tpot", "inference-perf normalized_time_per_output_token", MS, _NORMAL),
    *statistics("inference_perf_printed_ttft", "inference-perf time_to_first_token", MS, _TTFT),
    *statistics("inference_perf_printed_tpot", "inference-perf time_per_output_token", MS, _TPOT),
    *statistics("inference_perf_printed_itl", "inference-perf inter_token_latency", MS, _ITL),
    *statistics("inference_perf_printed_request_latency", "inference-perf request_latency", MS, _WHOLE),
    *statistics("inference_perf_printed_ntpot", "inference-perf normalized_time_per_output_token", MS, _NORMAL),
    printed(
        "inference_perf_request_throughput",
        "inference-perf requests_per_sec",
        REQ_PER_S,
        "successes / benchmark time",
        better=True,
    ),
    printed(
        "inference_perf_output_token_throughput",
        "inference-perf output_tokens_per_sec",
        TOK_PER_S,
        "output tokens of successes / benchmark time",
        better=True,
    ),
)
