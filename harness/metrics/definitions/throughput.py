"""Throughput: what a run completed for each second of wall time, however many requests ran at once; and what failed.

Latencies of requests that overlap say nothing of it: two requests of one second each are two per second where they ran
together and one per second where they did not. Little's law links both only for means, never for medians.

The throughput of requests that also met latency limits is goodput (``goodput.py``).
"""

from __future__ import annotations

import numpy as np

from ...units import PERCENT, REQ_PER_S, TOK_PER_S
from ..batch import Batch, Floats
from ..definition import Evaluated, RequestMetric, ThroughputMetric, evaluated


def one_each(batch: Batch) -> Floats:
    """One for each request, shape ``(n,)``."""
    return np.ones(len(batch))


def content_tokens(batch: Batch) -> Floats:
    """Content tokens of each request, shape ``(n,)``, NaN where nobody counted them."""
    return np.where(batch.uncounted, np.nan, batch.token_n)


MEASURED = "measured"


def failed_share(batch: Batch) -> Evaluated:
    """A hundred for each request that failed, zero for the others, shape ``(n,)``: its mean is their share."""
    return evaluated(np.where(batch.usable, 0.0, 100.0))


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
        (
            "MLPerf",
            "offline: samples over the whole time; server: the scheduled rate, the completed one beside",
        ),
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
        ("MLPerf", "offline: tokens over the whole time; server: completed tokens over it"),
    ),
)
FAILED_SHARE = RequestMetric(
    id="failed_share",
    name="share of requests that failed",
    unit=PERCENT,
    formula="requests that did not end usably ÷ requests",
    applicability="all requests",
    higher_is_better=False,
    compute=failed_share,
    in_other_tools=(
        ("vLLM", "its count of failed requests, which are in no latency"),
        ("guidellm", "its counts of errored and of incomplete requests, apart"),
        ("AIPerf", "its error_request_count, apart from the requests of its latencies"),
        ("MLPerf", "has none: a run in which a query does not complete is not valid"),
    ),
)
