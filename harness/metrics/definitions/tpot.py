"""Time per output token after the first.

One number per request: the mean of its inter-token gaps, coalesced ones included. vLLM's ``tpot`` is the
same quotient. MLPerf's TPOT is too. guidellm's ``time_per_output_token`` divides the whole latency, TTFT
included, by all tokens; its ``inter_token_latency`` is this one. genai-perf reports this one under the name
"inter token latency". Pooled over a run it is the mean gap over all tokens.
"""

from __future__ import annotations

import numpy as np

from ...units import MS
from ..batch import Batch
from ..definition import RateMetric, Ratio
from .decode import window_reasons


def tpot(batch: Batch) -> Ratio:
    """Milliseconds per token: (last − first token) / (n − 1)."""
    return Ratio(batch.last_ns - batch.first_ns, (batch.token_n - 1).astype(np.float64), window_reasons(batch), 1e-6)


TPOT = RateMetric(
    id="tpot",
    name="time per output token",
    unit=MS,
    formula="(last token − first token) / (n − 1)",
    applicability="requests that ended usably with at least two tokens",
    higher_is_better=False,
    parts=tpot,
)
