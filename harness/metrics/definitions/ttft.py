"""Time to first token, from the planned start of the request.

Counting from the *planned* start keeps the time that a request waited to be sent, so a client or a queue
that falls behind cannot hide it (no coordinated omission). vLLM's benchmark, guidellm and genai-perf count
from the moment of sending (see ``ttft_from_send``); MLPerf's server scenario counts from the scheduled
arrival, as here. vLLM's server-side ``time_to_first_token_seconds`` counts from arrival in the engine and
knows nothing of the network. A first chunk without text (a role, an empty delta) is not a token.
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
    applicability="requests that ended usably with at least one token",
    higher_is_better=False,
    compute=ttft,
)
