"""End-to-end latency: planned start to last token.

guidellm and genai-perf end at the last response byte and start at the send; vLLM's ``e2el`` likewise. The
difference is the wait before sending and the terminal record after the last token.
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
    applicability="requests that ended usably with at least one token",
    higher_is_better=False,
    compute=e2e_latency,
)
