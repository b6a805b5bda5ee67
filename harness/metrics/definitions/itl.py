"""Inter-token latency: the gaps between consecutive tokens of one request.

The first token has no gap. A chunk with k tokens gives its gap once and k − 1 zeros flagged ``coalesced``;
a first chunk with k tokens gives k − 1 zeros. The gaps of a request therefore number n − 1 and add up to
last − first token.
"""

from __future__ import annotations

import numpy as np

from ...units import MS
from ..batch import Batch
from ..definition import PRESENT, Gaps, TokenMetric
from .decode import chunk_reasons


def itl(batch: Batch) -> Gaps:
    """Milliseconds, one per gap, requests end to end in order."""
    reason = chunk_reasons(batch)
    rows = np.flatnonzero(reason == PRESENT)
    chunk_row = np.repeat(np.arange(len(batch)), batch.chunk_n)
    kept = (reason == PRESENT)[chunk_row]
    arrivals, tokens, owner = batch.arrivals_ns[kept], batch.tokens[kept], chunk_row[kept]
    token_gap = np.zeros(int(tokens.sum(dtype=np.int64)), np.float64)
    leads = np.cumsum(tokens, dtype=np.int64) - tokens
    token_gap[leads] = np.diff(arrivals, prepend=0)
    coalesced = np.ones(len(token_gap), np.bool_)
    coalesced[leads] = False
    row = np.repeat(owner, tokens)
    first = np.searchsorted(row, rows)
    return Gaps(
        np.delete(token_gap, first) / 1e6,
        np.delete(row, first),
        np.delete(coalesced, first),
        reason,
    )


ITL = TokenMetric(
    id="itl",
    name="inter-token latency",
    unit=MS,
    formula="gaps between consecutive tokens; k tokens in one chunk count as one gap and k − 1 coalesced zeros",
    applicability="tokens after the first, of requests that ended usably",
    higher_is_better=False,
    compute=itl,
    in_other_tools=(
        (
            "vLLM",
            "one gap per chunk, however many tokens it holds; in its completions the closing chunk adds one",
        ),
        ("guidellm", "its inter_token_latency_ms is the mean of a request: tpot here"),
        ("AIPerf", "its inter_token_latency is tpot here; its inter_chunk_latency has one gap per chunk"),
        ("MLPerf", "has none; its TPOT is the mean gap of a request"),
    ),
)
