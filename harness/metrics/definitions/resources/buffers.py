"""What an engine itself says of its memory: the key-value cache and the buffers that it computes in."""

from __future__ import annotations

from ....units import MIB
from ...definition import RunMetric
from .told import telling

_TOLD = "runs of engines that tell the size"

KV_CACHE = RunMetric(
    id="kv_cache",
    name="key-value cache by the engine's report",
    unit=MIB,
    formula="bytes of all caches of the engine, those of sliding attention included",
    applicability=_TOLD,
    higher_is_better=False,
    compute=telling("effective", "kv_bytes", "kv_sliding_bytes", scale=MIB.scale),
)
COMPUTE_BUFFERS = RunMetric(
    id="compute_buffers",
    name="buffers of computation by the engine's report",
    unit=MIB,
    formula="bytes of the buffers in which the engine computes, and of its outputs",
    applicability=_TOLD,
    higher_is_better=False,
    compute=telling("effective", "compute_bytes", "output_bytes", scale=MIB.scale),
)
WEIGHTS_COPIED = RunMetric(
    id="weights_copied",
    name="weights that are no mapped file, by the engine's report",
    unit=MIB,
    formula="bytes of weights that the engine copied out of their file",
    applicability=_TOLD,
    higher_is_better=False,
    compute=telling("effective", "copied_bytes", scale=MIB.scale),
)
