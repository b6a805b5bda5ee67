"""The two sides of a roofline: the weights that an engine holds, and how fast the same machine reads memory.

A decode step reads every weight once, so weights ÷ read rate is how long a step takes where memory is the limit.
"""

from __future__ import annotations

from ....units import GB_PER_S, MIB
from ...definition import RunMetric
from .told import telling

_BEST = "the best of six passes over an array of four times the last cache, with the engine's number of threads"

WEIGHT_BYTES = RunMetric(
    id="weight_bytes",
    name="weights in memory",
    unit=MIB,
    formula="bytes of all weights that the engine loaded, each once",
    applicability="runs of engines that tell the size of their weights",
    higher_is_better=None,
    compute=telling("effective", "weights_bytes", scale=MIB.scale),
)
COPY_BANDWIDTH = RunMetric(
    id="copy_bandwidth",
    name="memory bandwidth of a copy",
    unit=GB_PER_S,
    formula=f"bytes read and written ÷ time, {_BEST}",
    applicability="runs of studies that measure it",
    higher_is_better=True,
    compute=telling("facts", "memory.copied_per_s", scale=GB_PER_S.scale),
)
READ_BANDWIDTH = RunMetric(
    id="read_bandwidth",
    name="memory bandwidth of reading",
    unit=GB_PER_S,
    formula=f"bytes read ÷ time, {_BEST}",
    applicability="runs of studies that measure it",
    higher_is_better=True,
    compute=telling("facts", "memory.read_per_s", scale=GB_PER_S.scale),
)
