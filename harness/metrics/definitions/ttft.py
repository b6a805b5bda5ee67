"""Time to first token, from the planned start of the request.

Counting from the *planned* start keeps the time that a request waited to be sent, so a client or a queue
that falls behind cannot hide it (no coordinated omission). A first chunk without text (a role, an empty delta) is
not a token. ``ttft_from_send`` counts from the moment of sending, as most tools do. vLLM's server-side
``time_to_first_token_seconds`` counts from arrival in the engine and knows nothing of the network.
"""

from __future__ import annotations

from ...outcomes import Missing
from ...units import MS
from ..batch import Batch
from ..definition import Evaluated, RequestMetric, evaluated


def ttft(batch: Batch) -> Evaluated:
    """Milliseconds from the planned start to the first token, shape ``(n,)``."""
    return evaluated(
        batch.first_ns / 1e6,
        (~batch.usable, Missing.REQUEST_FAILED),
        (batch.token_n == 0, Missing.NO_TOKENS),
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
