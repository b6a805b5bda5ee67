"""Contrasts that a study declares before anything is recorded: what its conclusions rest on.

They are sealed with the study's design, so that neither the question nor what counts as an effect can be chosen after
the data are seen. One session gives one value of a contrast: the mean over cells of the log ratio of the level to the
reference. Conclusions are drawn over sessions, corrected for all primaries of a family.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import StudyError
from .factor import Value


@dataclass(frozen=True, slots=True)
class Primary:
    """One ratio: ``metric`` at ``level`` of ``factor`` over that at ``reference``, in the cells that ``where`` keeps.

    ``within`` reduces the requests of a run (``median``, ``mean``, ``pooled`` …). ``margin`` (> 1) is the ratio up to
    which two levels count as equivalent, ``smallest`` (> 1) the smallest ratio that matters.
    """

    id: str
    metric: str
    factor: str
    level: Value
    reference: Value
    where: tuple[tuple[str, Value], ...] = ()
    within: str = "median"
    margin: float = 1.05
    smallest: float = 1.10
    family: str = "primary"

    def __post_init__(self) -> None:
        if not 1 < self.margin <= self.smallest:
            raise StudyError(
                f"primary {self.id!r}: its margin {self.margin} has to lie above 1 and up to its smallest effect of "
                f"interest {self.smallest}"
            )

    def canonical(self) -> dict[str, object]:
        """As JSON-ready data."""
        return {
            "id": self.id,
            "metric": self.metric,
            "factor": self.factor,
            "level": self.level,
            "reference": self.reference,
            "where": dict(self.where),
            "within": self.within,
            "margin": self.margin,
            "smallest": self.smallest,
            "family": self.family,
        }
