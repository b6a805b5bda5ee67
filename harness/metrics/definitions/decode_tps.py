"""Decode rate of one request, as the client sees it.

The window opens when the first chunk arrives. Its k tokens are there then, so that n − k arrive in the window; k is 1
where every chunk holds one token. A request whose tokens all arrived at one instant has no measurable rate.
"""

from __future__ import annotations

import numpy as np

from ...outcomes import Missing
from ...units import TOK_PER_S
from ..batch import Batch
from ..definition import PRESENT, RateMetric, Ratio, code_of
from .decode import chunk_reasons


def decode_tps(batch: Batch) -> Ratio:
    """Tokens per second: (n − k) / (last − first token), k the tokens of the first chunk."""
    window = batch.last_ns - batch.first_ns
    reason = chunk_reasons(batch)
    reason[(reason == PRESENT) & (window <= 0)] = code_of(Missing.NOT_APPLICABLE)
    return Ratio((batch.token_n - batch.first_n).astype(np.float64), window, reason, 1e9)


DECODE_TPS = RateMetric(
    id="decode_tps",
    name="decode rate",
    unit=TOK_PER_S,
    formula="(n − k) / (last token − first token), k the tokens that the first chunk holds",
    applicability="requests that ended usably with at least two tokens at different instants; client side",
    higher_is_better=True,
    version=2,
    parts=decode_tps,
    in_other_tools=(
        ("vLLM", "has none of one request; its output_throughput is of all requests over the duration"),
        ("guidellm", "its output_tokens_per_second: all tokens of a request over its whole latency, the wait included"),
        ("AIPerf", "its throughput per user: one over its inter_token_latency, so always n − 1 tokens"),
        ("MLPerf", "has none of one request; its tokens per second are of all requests"),
    ),
)
