"""What guidellm says in its own definitions (0.8.1, and of 0.3.1 where they are others)."""

from __future__ import annotations

from ....units import MS, REQ_PER_S, TOK_PER_S
from .printed_by_tools import of_requests, printed, statistics

_ALL = "(last token chunk − request start) / output tokens: the wait for the first token included"
_OLD = "(last token − first token) / output tokens"
_MEAN_GAP = "(last token chunk − first token chunk) / (output tokens − 1), weighted by output tokens − 1"
_WHOLE = "request start → end of the stream, after its closing line"
_FIRST = "first line with text, reasoning or a tool call − request start; percentiles without interpolation"

METRICS = (
    of_requests("guidellm_request_latency", "guidellm request_latency", MS, _WHOLE),
    of_requests("guidellm_time_per_output_token", "guidellm time_per_output_token_ms", MS, _ALL),
    of_requests("guidellm_0_3_time_per_output_token", "old guidellm time_per_output_token_ms", MS, _OLD),
    *statistics("guidellm_printed_ttft", "guidellm time_to_first_token_ms", MS, _FIRST),
    *statistics("guidellm_printed_itl", "guidellm inter_token_latency_ms", MS, _MEAN_GAP),
    *statistics("guidellm_printed_tpot", "guidellm time_per_output_token_ms", MS, f"{_ALL}; weighted by tokens"),
    *statistics(
        "guidellm_0_3_printed_tpot", "old guidellm time_per_output_token_ms", MS, f"{_OLD}; weighted by tokens"
    ),
    *statistics("guidellm_printed_request_latency", "guidellm request_latency", MS, _WHOLE),
    printed(
        "guidellm_request_throughput",
        "guidellm requests_per_second",
        REQ_PER_S,
        "successful requests over the duration of the benchmark",
        better=True,
    ),
    printed(
        "guidellm_output_token_throughput",
        "guidellm output_tokens_per_second",
        TOK_PER_S,
        "mean rate of the output tokens of successful requests over the benchmark",
        better=True,
    ),
)
