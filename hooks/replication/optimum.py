"""Is a level that was called optimal among the best ones here? Asked of the rankings of published reports."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto

from ..cited.bounds import Bounds
from ..claims.claim import AnyClaim
from ..claims.ranking import Ranking
from ..values.evidence import Level
from ..values.value import Value


class Placing(Enum):
    """Where the levels of a cited optimum stand in a ranking of cells."""

    FIRST = auto()
    """Every cell that ties for first place has such a level, and not every cell has one."""
    BEATEN = auto()
    """No cell that ties for first place has such a level."""
    TIED = auto()
    """Cells with and without such a level tie."""


def placing(ranking: Ranking, factor: str, optimum: Iterable[Bounds]) -> Placing | None:
    """The placing of the levels of ``factor`` within ``optimum``.

    ``None`` where the ranking has no best cell, does not vary the factor, or holds no such level.
    """
    levels = {label: _level(value, factor) for label, value in ranking.values.items()}
    numbers = {label: level for label, level in levels.items() if isinstance(level, int | float)}
    if len(numbers) < len(levels) or not ranking.best:
        return None
    meant = tuple(optimum)
    hit = {label: any(part.low <= level <= part.high for part in meant) for label, level in numbers.items()}
    if all(hit.values()) or not any(hit.values()):
        return None
    best = {hit[label] for label in ranking.best}
    if len(best) > 1:
        return Placing.TIED
    return Placing.FIRST if best == {True} else Placing.BEATEN


def placings(claims: Iterable[AnyClaim], factor: str, optimum: Iterable[Bounds]) -> dict[str, tuple[Ranking, Placing]]:
    """Each ranking among ``claims`` that can tell, with its placing, by the ranking's id."""
    meant = tuple(optimum)
    rankings = (claim for claim in claims if isinstance(claim, Ranking))
    found = {ranking.id: (ranking, placing(ranking, factor, meant)) for ranking in rankings}
    return {name: (ranking, place) for name, (ranking, place) in found.items() if place is not None}


def ranked_by(claims: Iterable[AnyClaim], factor: str) -> bool:
    """Whether some ranking among ``claims`` has cells that are told apart by ``factor`` as one of theirs."""
    rankings = (claim for claim in claims if isinstance(claim, Ranking))
    return any(_level(value, factor) is not None for ranking in rankings for value in ranking.values.values())


def _level(value: Value, factor: str) -> Level | None:
    held = dict(value.question.where).get(factor, ()) if value.question else ()
    return held[0] if len(held) == 1 and not isinstance(held[0], bool) else None
