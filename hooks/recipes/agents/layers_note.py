"""Says that the page calls configurations without the layers for a GPU that they ask for."""

from __future__ import annotations

from ..report_builder import Draft
from .gpu_layers import without_layers


def note_layers(draft: Draft) -> None:
    """The flag ``no_layers``: configurations are called without their layers."""
    data, study = draft.data, draft.study
    draft.flag("no_layers", any(without_layers(data, study, factor) for factor in data.factors))
