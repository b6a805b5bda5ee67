"""Whether a number is valid: typed flags with their evidence, computed where the run happened."""

from __future__ import annotations

from .flags import MEANINGS, Flag
from .run import Thresholds, run_flags

__all__ = ["MEANINGS", "Flag", "Thresholds", "run_flags"]
