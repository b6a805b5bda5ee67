"""What each factor does: its levels compared with the first, and the factors that changed nothing at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from harness.design import level_key

from .evidence import Level
from .selectors import Measurements, Where
from .values import Value


@dataclass(frozen=True, slots=True)
class Effect:
    """A metric at one level as a multiple of the same metric at the factor's first level."""

    factor: str
    level: Level
    reference: Level
    ratio: Value


@dataclass(frozen=True, slots=True)
class Null:
    """A factor whose levels all ended as the same effective setting, so that they are one configuration."""

    factor: str
    setting: str
    levels: tuple[Level, ...]
    used: tuple[Level, ...]


def varied(data: Measurements) -> tuple[str, ...]:
    """The factors with more than one recorded level, in the study's order."""
    design: Any = data.dataset.manifest.design
    return tuple(factor["name"] for factor in design["factors"] if len(data.levels(factor["name"])) > 1)


def effects(
    data: Measurements, metric: str, factors: Iterable[str], where: Where, phase: str = "measured"
) -> Iterator[Effect]:
    """The ratio of each level to the first level of its factor, over all runs that ``where`` keeps.

    The design is crossed, so the other factors are balanced between the two sides.
    """
    for factor in factors:
        reference, *others = data.levels(factor)
        base = data.value(metric, {**where, factor: reference}, phase=phase)
        for level in others:
            there = data.value(metric, {**where, factor: level}, phase=phase)
            if base.number != 0:
                yield Effect(
                    factor, level, reference, (there / base).named(f"{metric}-{factor}-{level}-by-{reference}")
                )


def nulls(data: Measurements) -> Iterator[Null]:
    """The varied factors for which the engine reported one and the same effective setting at every level.

    ``used`` has more than one entry where the setting also depends on another factor, but never on this one.
    """
    design: Any = data.dataset.manifest.design
    for factor in design["factors"]:
        name, setting = factor["name"], factor["effective"]
        levels = data.levels(name)
        if setting is None or len(levels) < 2:
            continue
        used = [{level_key(item) for item in data.reported(setting, {name: level})} for level in levels]
        if used[0] and all(item == used[0] for item in used):
            yield Null(name, setting, levels, data.reported(setting))
