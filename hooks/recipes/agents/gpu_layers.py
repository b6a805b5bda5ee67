"""Configurations without the layers for a GPU that they ask for, where the engine put none on one.

The engine's own count proves it. What is left must still tell all recorded levels apart; otherwise the layers stay.
"""

from __future__ import annotations

import re

from harness.design import Study

from ...analysis.measurements import Measurements
from ...values.evidence import Level
from ..report_builder import Draft

OFFLOADED = "layers_offloaded"
"""The engine's count of the layers that it put on a GPU."""
_LAYERS = re.compile(r"\d+ layers for a GPU(?:, | and )")


def without_layers(data: Measurements, study: Study, factor: str) -> bool:
    """Whether levels of ``factor`` are called without layers: none ran on a GPU, and they differ in something else."""
    words = [study.called(factor, level) for level in data.levels(factor)]
    if not any(map(_LAYERS.search, words)) or data.effective(OFFLOADED).number != 0:
        return False
    return len({_LAYERS.sub("", one) for one in words}) == len(words)


def note_layers(draft: Draft) -> None:
    """The flag ``no_layers``: configurations are called without their layers."""
    data, study = draft.data, draft.study
    draft.flag("no_layers", any(without_layers(data, study, factor) for factor in data.factors))


def called(data: Measurements, study: Study, factor: str, level: Level) -> str:
    """A level in the words of the study, without layers where these did nothing."""
    words = study.called(factor, level)
    return _LAYERS.sub("", words) if without_layers(data, study, factor) else words
