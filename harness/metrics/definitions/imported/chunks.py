"""The gaps between the chunks of one answer, however many tokens a chunk holds."""

from __future__ import annotations

import numpy as np

from ....outcomes import CHUNKS_UNKNOWN, Missing
from ....units import MS
from ...batch import Batch
from ...definition import PRESENT, Gaps, TokenMetric, reasons


def inter_chunk_latency(batch: Batch) -> Gaps:
    """Milliseconds, one per gap, requests end to end in order."""
    reason = reasons(
        len(batch),
        (~batch.usable, Missing.REQUEST_FAILED),
        (batch.unseen | batch.extra.has(CHUNKS_UNKNOWN), Missing.NOT_REPORTED),
        (batch.chunk_n == 0, Missing.NO_TOKENS),
        (batch.chunk_n == 1, Missing.ONE_TOKEN),
    )
    row = np.repeat(np.arange(len(batch)), batch.chunk_n)
    gaps = np.diff(batch.arrivals_ns, prepend=0).astype(np.float64) / 1e6
    kept = (reason == PRESENT)[row]
    kept[batch.offsets[:-1][batch.chunk_n > 0]] = False
    return Gaps(gaps[kept], row[kept], np.zeros(int(kept.sum()), np.bool_), reason)


INTER_CHUNK_LATENCY = TokenMetric(
    id="inter_chunk_latency",
    name="inter-chunk latency",
    unit=MS,
    formula="gaps between consecutive chunks with content, however many tokens each holds",
    applicability="chunks after the first, of requests that ended usably and whose chunks are all known",
    higher_is_better=False,
    compute=inter_chunk_latency,
    in_other_tools=(
        ("vLLM", "its itl"),
        ("guidellm", "has none: it records the first and the last chunk"),
        ("AIPerf", "its inter_chunk_latency"),
        ("MLPerf", "has none"),
    ),
)
