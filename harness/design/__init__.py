"""Experimental designs: frozen declarations of what is measured, and nothing that runs.

A ``Study`` crosses ``Factor``s into a ``Matrix`` of ``Cell``s and asks its ``Workload`` in each.
"""

from __future__ import annotations

from .canonical_json import canonical_json
from .factor import Cell, Factor, Matrix, Value, level_key
from .plan import Planned, plan
from .primary import Primary
from .study import Bundle, Gate, Profile, Scenario, Study
from .workload import Prompt, Workload

__all__ = [
    "Bundle",
    "Cell",
    "Factor",
    "Gate",
    "Matrix",
    "Planned",
    "Primary",
    "Profile",
    "Prompt",
    "Scenario",
    "Study",
    "Value",
    "Workload",
    "canonical_json",
    "level_key",
    "plan",
]
