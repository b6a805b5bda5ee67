"""Factors, their levels, and the cells of a matrix."""

from __future__ import annotations

import itertools
import json
import math
from collections import Counter
from dataclasses import dataclass

from ..canonical_json import sha256
from ..errors import StudyError

MOST_CELLS = 100_000
"""More cells than anybody measures; beyond it, a declaration is a mistake that would fill the memory."""

_MOST_EXCLUSIONS = 100

_as_json = json.JSONEncoder(ensure_ascii=False).encode

RUN_COLUMNS = (
    "run_id",
    "cell_id",
    "replicate",
    "block",
    "position",
    "stratum",
    "session",
    "host",
    "engine",
    "engine_version",
)
"""What runs are told apart by beside the levels of their factors, so that no factor has such a name."""

Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Factor:
    """Something that is varied.

    ``effective`` names the key of the engine's effective settings that proves the level, or is ``None``
    where the engine reports nothing that could. ``title`` and ``words`` are what pages call the factor and those of its
    levels whose own text is an identifier; nothing is measured by them.
    """

    name: str
    levels: tuple[Value, ...]
    effective: str | None = None
    unit: str = ""
    meaning: str = ""
    title: str = ""
    words: tuple[tuple[Value, str], ...] = ()

    def __post_init__(self) -> None:
        if self.name in RUN_COLUMNS:
            raise StudyError(f"factor {self.name!r} has the name of a column of every run; rename it")
        if not self.levels:
            raise StudyError(f"factor {self.name!r} has no levels; give it at least one")
        keys = [level_key(v) for v in self.levels]
        for key, count in Counter(keys).items():
            if count > 1:
                raise StudyError(f"factor {self.name!r} has the level {key} twice; remove one")
        kinds = {type(level) for level in self.levels}
        if len(kinds) > 1 and kinds != {int, float}:
            raise StudyError(
                f"factor {self.name!r} mixes types of levels; write all of them as text, or all as numbers"
            )
        said = {self.called(level) for level in self.levels} if self.words else set(keys)
        if len(said) < len(keys):
            raise StudyError(f"factor {self.name!r} calls two levels alike; give each words of its own")

    @property
    def heading(self) -> str:
        """The factor in words."""
        return self.title or self.name.replace("_", " ")

    def called(self, level: Value) -> str:
        """A level in words: its own text, bare, where it has no others."""
        return dict(self.words).get(level, level_text(level))


def level_text(value: object) -> str:
    """A level as a reader knows it: strings bare, numbers and booleans as JSON."""
    return value if isinstance(value, str) else level_key(value)


def level_key(value: object) -> str:
    """A level as canonical JSON, so that ``1``, ``1.0``, ``true`` and ``"1"`` stay distinct."""
    return repr(value) if type(value) is int else _as_json(value)


@dataclass(frozen=True, slots=True)
class Cell:
    """One combination of levels, in the order of the study's factors."""

    levels: tuple[tuple[str, Value], ...]

    @property
    def settings(self) -> dict[str, Value]:
        return dict(self.levels)

    @property
    def id(self) -> str:
        """Twelve hex digits of the SHA-256 of the canonical levels."""
        return sha256(dict(self.levels))[:12]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Crossed factors minus exclusions; an exclusion removes the cells that match all of its levels."""

    factors: tuple[Factor, ...]
    exclusions: tuple[tuple[tuple[str, Value], ...], ...] = ()

    def cells(self) -> tuple[Cell, ...]:
        """Every cell, in the order of the levels. Raises ``StudyError`` where the factors cross to more than can be."""
        crossed = math.prod(len(factor.levels) for factor in self.factors)
        if crossed * len(self.exclusions) > MOST_CELLS * _MOST_EXCLUSIONS:
            raise StudyError(f"it has {len(self.exclusions)} exclusions; exclude levels together, or leave levels out")
        if crossed > MOST_CELLS:
            raise StudyError(
                f"its factors cross to {crossed} cells, the limit is {MOST_CELLS}; remove levels or factors"
            )
        excluded = [{(name, level_key(value)) for name, value in exclusion} for exclusion in self.exclusions]
        levels = itertools.product(*([(f.name, level) for level in f.levels] for f in self.factors))
        keys = itertools.product(*([(f.name, level_key(level)) for level in f.levels] for f in self.factors))
        return tuple(
            Cell(combo)
            for combo, named in zip(levels, map(set, keys), strict=True)
            if not any(exclusion <= named for exclusion in excluded)
        )
