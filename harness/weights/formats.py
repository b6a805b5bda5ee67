"""Number formats of weights, with their share of the elements."""

from __future__ import annotations

from collections import Counter

_LEAST = 0.005


def shares(counts: Counter[str]) -> str:
    """Elements by format as text, such as ``qint8 79%, float32 21%``; what is less than half a percent is left out."""
    total = sum(counts.values()) or 1
    return ", ".join(f"{name} {count / total:.0%}" for name, count in counts.most_common() if count / total >= _LEAST)
