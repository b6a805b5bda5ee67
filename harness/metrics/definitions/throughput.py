"""Throughput: what a run completed for each second of wall time, however many requests ran at once.

Latencies of requests that overlap say nothing of it: two requests of one second each are two per second where they ran
together and one per second where they did not. Little's law links both only for means, never for medians.
"""

from __future__ import annotations

import numpy as np

from ...units import REQ_PER_S, TOK_PER_S
from ..batch import Batch, Floats
from ..definition import ThroughputMetric


def one_each(batch: Batch) -> Floats:
    """One for each request, shape ``(n,)``."""
    return np.ones(len(batch))


def content_tokens(batch: Batch) -> Floats:
    """Content tokens of each request, shape ``(n,)``."""
    return batch.token_n.astype(np.float64)


MEASURED = "measured"

_WINDOW = "last end of the measured requests − their first planned start"
_APPLIES = "runs with measured requests; one that failed completes nothing, and the time that it took still counts"

REQUEST_THROUGHPUT = ThroughputMetric(
    id="request_throughput",
    name="requests completed per second of wall time",
    unit=REQ_PER_S,
    formula=f"requests that ended usably ÷ ({_WINDOW})",
    applicability=_APPLIES,
    higher_is_better=True,
    phase=MEASURED,
    completed=one_each,
    in_other_tools=(
        ("vLLM", "its request_throughput: completed requests over the benchmark's duration, ramp-up included"),
        ("guidellm", "its requests_per_second: a rate over the duration of the benchmark, warm-up and cool-down apart"),
        ("AIPerf", "its request_throughput: completed requests over first start to last end, as here"),
        ("MLPerf", "offline: samples over the whole time, as here; server: the rate that was offered, not completed"),
    ),
)
OUTPUT_TOKEN_THROUGHPUT = ThroughputMetric(
    id="output_token_throughput",
    name="output tokens completed per second of wall time",
    unit=TOK_PER_S,
    formula=f"content tokens of requests that ended usably ÷ ({_WINDOW})",
    applicability=_APPLIES,
    higher_is_better=True,
    phase=MEASURED,
    completed=content_tokens,
    in_other_tools=(
        ("vLLM", "its output_throughput: tokens of completed requests over the benchmark's duration"),
        ("guidellm", "its output_tokens_per_second: tokens of all requests over the duration"),
        ("AIPerf", "its output_token_throughput: tokens over first start to last end, counted by the tokenizer"),
        ("MLPerf", "its tokens per second: offline, tokens over the whole time"),
    ),
)
