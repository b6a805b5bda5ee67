"""End-to-end latency: planned start to last token.

Most tools start at the send; the difference is the wait before sending.
"""

from __future__ import annotations

import numpy as np

from ...outcomes import PLANNED_UNKNOWN, Missing
from ...units import MS
from ..batch import Batch
from ..definition import Evaluated, RequestMetric, evaluated


def e2e_latency(batch: Batch) -> Evaluated:
    """Milliseconds from the planned start to the last token, shape ``(n,)``."""
    return evaluated(
        batch.last_ns / 1e6,
        (~batch.usable, Missing.REQUEST_FAILED),
        (batch.unseen, Missing.NOT_REPORTED),
        (batch.token_n == 0, Missing.NO_TOKENS),
        (batch.extra.has(PLANNED_UNKNOWN), Missing.NOT_REPORTED),
    )


def e2e_from_send(batch: Batch) -> Evaluated:
    """Milliseconds from the actual send to the last token, shape ``(n,)``."""
    return evaluated(
        (batch.last_ns - batch.sent_ns) / 1e6,
        (~batch.usable, Missing.REQUEST_FAILED),
        (batch.unseen, Missing.NOT_REPORTED),
        (batch.token_n == 0, Missing.NO_TOKENS),
        (np.isnan(batch.sent_ns), Missing.NOT_REPORTED),
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
E2E_FROM_SEND = RequestMetric(
    id="e2e_from_send",
    name="end-to-end latency from send",
    unit=MS,
    formula="arrival of the last content token − actual send",
    applicability="requests that ended usably with a token and a recorded send; one that failed counts as the longest",
    higher_is_better=False,
    failed_is_longest=True,
    compute=e2e_from_send,
    in_other_tools=(
        ("vLLM", "its e2el of chats"),
        ("guidellm", "has none: its request_latency ends with the stream"),
        ("AIPerf", "its request_latency"),
        ("MLPerf", "has none: it counts from the scheduled start, as e2e_latency here"),
    ),
)
