"""End-to-end latency: planned start to last token.

Most tools start at the send; the difference is the wait before sending.
"""

from __future__ import annotations

from ...outcomes import Missing
from ...units import MS
from ..batch import Batch
from ..definition import Evaluated, RequestMetric, evaluated


def e2e_latency(batch: Batch) -> Evaluated:
    """Milliseconds from the planned start to the last token, shape ``(n,)``."""
    return evaluated(
        batch.last_ns / 1e6,
        (~batch.usable, Missing.REQUEST_FAILED),
        (batch.token_n == 0, Missing.NO_TOKENS),
    )


E2E_LATENCY = RequestMetric(
    id="e2e_latency",
    name="end-to-end latency",
    unit=MS,
    formula="arrival of the last content token − planned start",
    applicability="requests that ended usably with at least one token; one that failed counts as the longest",
    higher_is_better=False,
    failed_is_longest=True,
    compute=e2e_latency,
    in_other_tools=(
        ("vLLM", "its e2el: from sending to the last chunk, in its completions to the closing one"),
        ("guidellm", "its request_latency, in seconds: from writing the request to the end of the stream"),
        ("AIPerf", "its request_latency: from the call to the last chunk with content"),
        ("MLPerf", "from the scheduled start to completion, as here; offline, all starts are at zero"),
    ),
)
