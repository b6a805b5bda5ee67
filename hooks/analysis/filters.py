"""Which runs a question keeps: levels by factor or other column of the runs, in one form for one question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeGuard

import numpy as np

from harness.design import level_key

from ..values.evidence import Level
from ..values.questions import Filters

Where = Mapping[str, Level | Iterable[Level]]


def plain(where: Filters) -> dict[str, list[Level]]:
    """Filters as lists of levels."""
    return {name: list(levels) for name, levels in where}


def canonical(where: Where | None) -> Filters:
    """Filters in the order of their names, so that one question has one form."""
    return tuple((name, _levels(chosen)) for name, chosen in sorted((where or {}).items()))


def _levels(chosen: Level | Iterable[Level]) -> tuple[Level, ...]:
    levels = [chosen] if isinstance(chosen, str | int | float) else list(chosen)
    return tuple(sorted(levels, key=level_key))


def native(level: Any) -> Level:
    """A level as a Python object."""
    native: Level = level.item() if isinstance(level, np.generic) else level
    return native


def is_number(level: object) -> TypeGuard[int | float]:
    """Whether a level is a number; a truth is none."""
    return isinstance(level, int | float) and not isinstance(level, bool)
