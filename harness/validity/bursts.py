"""Chunks that arrive together: the work of a proxy that buffers, or of an engine that sends several at once."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from statistics import fmean

TOGETHER = 0.05
"""A gap shorter than this share of the mean gap is none: its chunks came together."""

AT_ONCE_NS = 100_000
"""No engine is so fast that chunks follow each other in less on average: such a stream arrived at once."""

BURSTS = 0.6
"""Share of gaps beyond which a stream came in bursts."""


def share_together(arrivals_ns: Sequence[int]) -> float | None:
    """The share of chunks that came with the one before; ``None`` for fewer than four chunks."""
    gaps = [later - earlier for earlier, later in itertools.pairwise(arrivals_ns)]
    if len(gaps) < 3:
        return None
    mean = fmean(gaps)
    if mean < AT_ONCE_NS:
        return 1.0
    least = TOGETHER * mean
    return sum(gap <= least for gap in gaps) / len(gaps)
