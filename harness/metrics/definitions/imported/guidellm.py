"""What guidellm says in its own definitions (0.8.1, and of 0.3.1 where they are others)."""

from __future__ import annotations

from ....units import MS, REQ_PER_S, TOK_PER_S
from .told import of_requests, printed, statistics

_ALL = "(last token chunk − request start) / output tokens: the wait for the first token included"
_OLD = "(last token − first token) / output tokens"
_MEAN_GAP = "(last token chunk − first token chunk) / (output tokens − 1), weighted by output tokens − 1"
_WHOLE = "request start → end of the stream, after its closing line"
_FIRST = "first line with text, reasoning or a tool call − request start; percentiles without interpolation"

METRICS = (
    of_requests("guidellm_request_latency", "request latency (guidellm)", MS, _WHOLE),
    of_requests("guidellm_time_per_output_token", "time per output token (guidellm)", MS, _ALL),
    of_requests("guidellm_0_3_time_per_output_token", "time per output token (guidellm 0.3)", MS, _OLD),
    *statistics("guidellm_printed_ttft", "printed time to first token (guidellm)", MS, _FIRST),
    *statistics("guidellm_printed_itl", "printed inter token latency (guidellm)", MS, _MEAN_GAP),
    *statistics("guidellm_printed_tpot", "printed time per output token (guidellm)", MS, f"{_ALL}; weighted by tokens"),
    *statistics(
        "guidellm_0_3_printed_tpot", "printed time per output token (guidellm 0.3)", MS, f"{_OLD}; weighted by tokens"
    ),
    *statistics("guidellm_printed_request_latency", "printed request latency (guidellm)", MS, _WHOLE),
    printed(
        "guidellm_request_throughput",
        "requests per second (guidellm)",
        REQ_PER_S,
        "successful requests over the duration of the benchmark",
        better=True,
    ),
    printed(
        "guidellm_output_token_throughput",
        "output tokens per second (guidellm)",
        TOK_PER_S,
        "mean rate of the output tokens of successful requests over the benchmark",
        better=True,
    ),
)
