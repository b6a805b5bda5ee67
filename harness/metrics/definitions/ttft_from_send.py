"""Time to first token, from the moment of sending.

It leaves out the time that a request waited for the client; compare it with the figures of tools that count from the
moment of sending, never with ``ttft``.
"""

from __future__ import annotations

import numpy as np

from ...outcomes import Missing
from ...units import MS
from ..batch import Batch
from ..definition import Evaluated, RequestMetric, evaluated


def ttft_from_send(batch: Batch) -> Evaluated:
    """Milliseconds from the actual send to the first token, shape ``(n,)``."""
    return evaluated(
        (batch.first_ns - batch.sent_ns) / 1e6,
        (~batch.usable, Missing.REQUEST_FAILED),
        (batch.token_n == 0, Missing.NO_TOKENS),
        (np.isnan(batch.sent_ns), Missing.NOT_REPORTED),
    )


TTFT_FROM_SEND = RequestMetric(
    id="ttft_from_send",
    name="time to first token from send",
    unit=MS,
    formula="arrival of the first non-empty content token − actual send",
    applicability="requests that ended usably with a token and a recorded send; one that failed counts as the longest",
    higher_is_better=False,
    failed_is_longest=True,
    compute=ttft_from_send,
    in_other_tools=(
        ("vLLM", "its TTFT, which includes connecting and counts a chunk without text in its completions"),
        ("guidellm", "its time_to_first_token_ms, as here"),
        ("AIPerf", "its time_to_first_token, which includes connecting"),
        ("MLPerf", "has none: it counts from the scheduled start, as ttft here"),
    ),
)
