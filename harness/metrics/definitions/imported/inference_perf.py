"""What inference-perf says in its own definitions (0.7.0)."""

from __future__ import annotations

from ....units import MS, REQ_PER_S, TOK_PER_S
from .told import of_requests, printed, statistics

_WHOLE = "dispatch → whole body read"
_NORMAL = "request latency / output tokens; null where there are none"
_TTFT = "first chunk with text − dispatch, of answers of more than one token"
_TPOT = "(last − first chunk with text) / (output tokens − 1)"
_ITL = "gaps between tokens, zero between those of one chunk"

METRICS = (
    of_requests("inference_perf_request_latency", "request latency (inference-perf)", MS, _WHOLE),
    of_requests("inference_perf_normalized_tpot", "normalized time per output token (inference-perf)", MS, _NORMAL),
    *statistics("inference_perf_printed_ttft", "printed time to first token (inference-perf)", MS, _TTFT),
    *statistics("inference_perf_printed_tpot", "printed time per output token (inference-perf)", MS, _TPOT),
    *statistics("inference_perf_printed_itl", "printed inter token latency (inference-perf)", MS, _ITL),
    *statistics("inference_perf_printed_request_latency", "printed request latency (inference-perf)", MS, _WHOLE),
    *statistics("inference_perf_printed_ntpot", "printed normalized time per token (inference-perf)", MS, _NORMAL),
    printed(
        "inference_perf_request_throughput",
        "requests per second (inference-perf)",
        REQ_PER_S,
        "successes / benchmark time",
        better=True,
    ),
    printed(
        "inference_perf_output_token_throughput",
        "output tokens per second (inference-perf)",
        TOK_PER_S,
        "output tokens of successes / benchmark time",
        better=True,
    ),
)
