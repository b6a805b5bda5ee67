"""Configurations without the layers for a GPU that they ask for, where the engine put none on one.

The engine's own count proves it. What is left must still tell all recorded levels apart; otherwise the layers stay.
"""

from __future__ import annotations

from harness.design import Study

from ...analysis.measurements import Measurements
from ...text import naming
from ...values.evidence import Level

OFFLOADED = "layers_offloaded"
"""The engine's count of the layers that it put on a GPU."""


def without_layers(data: Measurements, study: Study, factor: str) -> bool:
    """Whether levels of ``factor`` are called without layers: none ran on a GPU, and they differ in something else."""
    words = [study.called(factor, level) for level in data.levels(factor)]
    kept = {naming.without_layers(one) for one in words}
    return kept != set(words) and data.effective(OFFLOADED).number == 0 and len(kept) == len(words)


def called(data: Measurements, study: Study, factor: str, level: Level) -> str:
    """A level in the words of the study, without layers where these did nothing."""
    words = study.called(factor, level)
    return naming.without_layers(words) if without_layers(data, study, factor) else words
