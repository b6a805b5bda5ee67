"""Time to first token, from the planned start of the request, and from the moment of sending.

Counting from the *planned* start keeps the time that a request waited to be sent, so a client or a queue
that falls behind cannot hide it (no coordinated omission). A first chunk without text (a role, an empty delta) is
not a token. ``ttft_from_send`` leaves out the time that a request waited for the client: compare it with the figures of
tools that count from the moment of sending, never with ``ttft``. vLLM's server-side
``time_to_first_token_seconds`` counts from arrival in the engine and knows nothing of the network.
"""

from __future__ import annotations

import numpy as np

from ...outcomes import PLANNED_UNKNOWN, Missing
from ...units import MS
from ..batch import Batch
from ..definition import Evaluated, RequestMetric, evaluated


def ttft(batch: Batch) -> Evaluated:
    """Milliseconds from the planned start to the first token, shape ``(n,)``."""
    return evaluated(
        batch.first_ns / 1e6,
        (~batch.usable, Missing.REQUEST_FAILED),
        (batch.unseen, Missing.NOT_REPORTED),
        (batch.token_n == 0, Missing.NO_TOKENS),
        (batch.extra.has(PLANNED_UNKNOWN), Missing.NOT_REPORTED),
    )


def ttft_from_send(batch: Batch) -> Evaluated:
    """Milliseconds from the actual send to the first token, shape ``(n,)``."""
    return evaluated(
        (batch.first_ns - batch.sent_ns) / 1e6,
        (~batch.usable, Missing.REQUEST_FAILED),
        (batch.unseen, Missing.NOT_REPORTED),
        (batch.token_n == 0, Missing.NO_TOKENS),
        (np.isnan(batch.sent_ns), Missing.NOT_REPORTED),
    )


TTFT = RequestMetric(
    id="ttft",
    name="time to first token",
    unit=MS,
    formula="arrival of the first non-empty content token − planned start",
    applicability="requests that ended usably with at least one token; one that failed counts as the longest",
    higher_is_better=False,
    failed_is_longest=True,
    compute=ttft,
    in_other_tools=(
        ("vLLM", "from sending, connecting included, to the first chunk; one without text counts in its completions"),
        (
            "guidellm",
            "from writing the request, connecting excluded, to the first chunk with text, reasoning or a tool call",
        ),
        ("AIPerf", "from the call, connecting included, to the first chunk with content or reasoning"),
        ("MLPerf", "from the scheduled start to the first token, as here"),
    ),
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
