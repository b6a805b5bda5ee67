"""Levels that stand for several settings, and the settings of a cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .factor import Cell, Value, level_key


@dataclass(frozen=True, slots=True)
class Bundle:
    """What one level of a factor stands for: the settings that replace it when a run is made.

    An arm of a comparison of engines is such a level: a backend with a device and a way of compiling.
    """

    factor: str
    level: Value
    settings: tuple[tuple[str, Value], ...]


def settings_of(cell: Cell, fixed: Mapping[str, Value], bundles: Iterable[Bundle]) -> dict[str, Value]:
    """Everything that is set in the runs of ``cell``: what is fixed, its levels, and what its bundles stand for."""
    levels = cell.settings
    chosen = {**fixed, **levels}
    for bundle in bundles:
        if bundle.factor in chosen and level_key(levels[bundle.factor]) == level_key(bundle.level):
            del chosen[bundle.factor]
            chosen |= dict(bundle.settings)
    return chosen
