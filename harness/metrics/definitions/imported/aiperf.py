"""What AIPerf says in its own definitions (0.13.0)."""

from __future__ import annotations

from ....units import MS, REQ_PER_S, S, TOK_PER_S, TOKENS
from .told import of_requests, printed, statistics

_TTFT = "first chunk with content or reasoning − before the call, connecting included"
_TTFOT = "first chunk with content that is no reasoning − before the call"
_TTST = "second chunk − first chunk"
_E2E = "last chunk with content − before the call"
_ITL = "(request latency − time to first token) / (output sequence length − 1)"
_ICL = "gaps between chunks with content, pooled"
_ADJUSTED = "a request that failed counts as infinitely long"

METRICS = (
    of_requests("aiperf_request_latency", "request latency (AIPerf)", MS, _E2E),
    of_requests("aiperf_time_to_first_output_token", "time to first output token (AIPerf)", MS, _TTFOT),
    of_requests("aiperf_time_to_second_token", "time to second token (AIPerf)", MS, _TTST),
    *statistics("aiperf_printed_ttft", "printed time to first token (AIPerf)", MS, _TTFT),
    *statistics("aiperf_printed_ttfot", "printed time to first output token (AIPerf)", MS, _TTFOT),
    *statistics("aiperf_printed_ttst", "printed time to second token (AIPerf)", MS, _TTST),
    *statistics("aiperf_printed_itl", "printed inter token latency (AIPerf)", MS, _ITL),
    *statistics("aiperf_printed_icl", "printed inter chunk latency (AIPerf)", MS, _ICL),
    *statistics("aiperf_printed_request_latency", "printed request latency (AIPerf)", MS, _E2E),
    *statistics("aiperf_printed_adj_ttft", "adjusted time to first token (AIPerf)", MS, f"{_TTFT}; {_ADJUSTED}"),
    *statistics("aiperf_printed_adj_itl", "adjusted inter token latency (AIPerf)", MS, f"{_ITL}; {_ADJUSTED}"),
    *statistics("aiperf_printed_adj_latency", "adjusted request latency (AIPerf)", MS, f"{_E2E}; {_ADJUSTED}"),
    printed("aiperf_duration", "benchmark duration (AIPerf)", S, "first start → last end"),
    printed(
        "aiperf_request_throughput",
        "request throughput (AIPerf)",
        REQ_PER_S,
        "valid requests / benchmark duration",
        better=True,
    ),
    printed(
        "aiperf_output_token_throughput",
        "output token throughput (AIPerf)",
        TOK_PER_S,
        "output sequence length of valid requests / benchmark duration",
        better=True,
    ),
    printed(
        "aiperf_goodput", "goodput (AIPerf)", REQ_PER_S, "requests within the limits / benchmark duration", better=True
    ),
    printed(
        "aiperf_output_sequence_length",
        "output sequence length, mean (AIPerf)",
        TOKENS,
        "tokens of the answer by the client's tokenizer, reasoning included",
        better=None,
    ),
)
