"""Time per output token after the first.

One number per request: the mean of its inter-token gaps, coalesced ones included. A request whose tokens all arrived
at one instant, as through a proxy that buffers, has none. Pooled over a run it is the mean gap
over all tokens. genai-perf reports this quotient under the name "inter token latency".
"""

from __future__ import annotations

import numpy as np

from ...outcomes import Missing
from ...units import MS
from ..batch import Batch
from ..definition import PRESENT, RateMetric, Ratio, code_of
from .decode import window_reasons


def tpot(batch: Batch) -> Ratio:
    """Milliseconds per token: (last − first token) / (n − 1)."""
    window = batch.last_ns - batch.first_ns
    reason = window_reasons(batch)
    reason[(reason == PRESENT) & (window <= 0)] = code_of(Missing.NOT_APPLICABLE)
    return Ratio(window, (batch.token_n - 1).astype(np.float64), reason, 1e-6)


TPOT = RateMetric(
    id="tpot",
    name="time per output token",
    unit=MS,
    formula="(last token − first token) / (n − 1)",
    applicability="requests that ended usably with at least two tokens at different instants",
    higher_is_better=False,
    version=2,
    parts=tpot,
    in_other_tools=(
        ("vLLM", "the same quotient; in its completions the window ends at the closing chunk"),
        (
            "guidellm",
            "its inter_token_latency_ms; its time_per_output_token_ms divides the whole latency by all tokens",
        ),
        ("AIPerf", "its inter_token_latency: the same quotient, tokens counted by the client's tokenizer"),
        ("MLPerf", "the same quotient, in whole nanoseconds; nonsense for one token"),
    ),
)
