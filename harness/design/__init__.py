"""Experimental designs: frozen declarations of what is measured, and nothing that runs.

A ``Study`` crosses ``Factor``s into a ``Matrix`` of ``Cell``s and asks its ``Workload`` in each.
"""

from __future__ import annotations

from .bundle import Bundle, settings_of
from .factor import Cell, Factor, Matrix, Value, level_key, level_text
from .imported import Imported
from .load import Load, Scenario, load_of, scenario_of
from .measured import measured, measured_digest
from .plan import Planned, listed, plan
from .primary import Primary
from .settings import RunSettings
from .study import Gate, Profile, Study
from .workload import Prompt, Workload

__all__ = [
    "Bundle",
    "Cell",
    "Factor",
    "Gate",
    "Imported",
    "Load",
    "Matrix",
    "Planned",
    "Primary",
    "Profile",
    "Prompt",
    "RunSettings",
    "Scenario",
    "Study",
    "Value",
    "Workload",
    "level_key",
    "level_text",
    "listed",
    "load_of",
    "measured",
    "measured_digest",
    "plan",
    "scenario_of",
    "settings_of",
]
