"""What AIPerf says in its own definitions (0.13.0)."""

from __future__ import annotations

from ....units import MS, REQ_PER_S, TOK_PER_S, TOKENS, S
from .printed_by_tools import of_requests, printed, statistics

_TTFT = "first chunk with content or reasoning − before the call, connecting included"
_TTFOT = "first chunk with content that is no reasoning − before the call"
_TTST = "second chunk − first chunk"
_E2E = "last chunk with content − before the call"
_ITL = "(request latency − time to first token) / (output sequence length − 1)"
_ICL = "gaps between chunks with content, pooled"
_ADJUSTED = "a request that failed counts as infinitely long"

METRICS = (
    of_requests("aiperf_request_latency", "AIPerf request_latency", MS, _E2E),
    of_requests("aiperf_time_to_first_output_token", "AIPerf time_to_first_output_token", MS, _TTFOT),
    of_requests("aiperf_time_to_second_token", "AIPerf time_to_second_token", MS, _TTST),
    *statistics("aiperf_printed_ttft", "AIPerf time_to_first_token", MS, _TTFT),
    *statistics("aiperf_printed_ttfot", "AIPerf time_to_first_output_token", MS, _TTFOT),
    *statistics("aiperf_printed_ttst", "AIPerf time_to_second_token", MS, _TTST),
    *statistics("aiperf_printed_itl", "AIPerf inter_token_latency", MS, _ITL),
    *statistics("aiperf_printed_icl", "AIPerf inter_chunk_latency", MS, _ICL),
    *statistics("aiperf_printed_request_latency", "AIPerf request_latency", MS, _E2E),
    *statistics("aiperf_printed_adj_ttft", "AIPerf adj_time_to_first_token", MS, f"{_TTFT}; {_ADJUSTED}"),
    *statistics("aiperf_printed_adj_itl", "AIPerf adj_inter_token_latency", MS, f"{_ITL}; {_ADJUSTED}"),
    *statistics("aiperf_printed_adj_latency", "AIPerf adj_request_latency", MS, f"{_E2E}; {_ADJUSTED}"),
    printed("aiperf_duration", "AIPerf benchmark_duration", S, "first start → last end"),
    printed(
        "aiperf_request_throughput",
        "AIPerf request_throughput",
        REQ_PER_S,
        "valid requests / benchmark duration",
        better=True,
    ),
    printed(
        "aiperf_output_token_throughput",
        "AIPerf output_token_throughput",
        TOK_PER_S,
        "output sequence length of valid requests / benchmark duration",
        better=True,
    ),
    printed(
        "aiperf_goodput", "AIPerf goodput", REQ_PER_S, "requests within the limits / benchmark duration", better=True
    ),
    printed(
        "aiperf_output_sequence_length",
        "AIPerf output_sequence_length, average",
        TOKENS,
        "tokens of the answer by the client's tokenizer, reasoning included",
        better=None,
    ),
)
