"""Prometheus' text format, as far as it names samples: ``name{label="x"} 1.5``."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

_SAMPLE = re.compile(r'^([a-zA-Z_:][\w:]*)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?\s+(\S+)', re.MULTILINE)


def samples(text: str) -> Iterator[tuple[str, float]]:
    """Each sample's name, without its labels, and its value where that is a finite number."""
    for match in _SAMPLE.finditer(text):
        try:
            value = float(match[3])
        except ValueError:
            continue
        if math.isfinite(value):
            yield match[1], value
