"""Laws over sizes, phase by phase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from harness.units import PERCENT

from ..values.evidence import Level
from ..values.questions import Axis
from ..values.questions.fits import LawName
from ..values.value import Value
from .columns import AskedColumn, column
from .contrasts import PHASE
from .report_builder import Draft
from .rows import Headings, Row, Rows, literal


@dataclass(frozen=True, slots=True)
class Phase(Row):
    """A phase at one level of a factor; ``metric`` is its time."""

    metric: str


def phases(
    draft: Draft, metrics: Mapping[str, str], factor: str, where: Mapping[str, Level], headings: Headings
) -> Rows[Phase]:
    """Every phase (its words by metric) at every recorded level of ``factor``, with the levels of ``where``."""
    lines = tuple(
        Phase({**where, factor: level}, {PHASE: words, factor: literal(draft, factor, level, {})}, metric_id)
        for metric_id, words in metrics.items()
        for level in draft.data.levels(factor)
    )
    return Rows(draft, (PHASE, factor), lines, headings)


def laws(over: Axis, family: Mapping[str, tuple[Level, ...]], new_size: float) -> Iterator[AskedColumn[Phase]]:
    """What the power law of a phase says over the sizes of a ``family``, and the error of each law at a size that it
    has not seen. ``new_size`` is one that was not measured."""

    def told(draft: Draft, row: Phase, law: LawName) -> Value:
        return draft.fit(row.metric, over, law, "held_out_error", {**row.where, **family})

    yield column("power of the size", lambda draft, row: draft.slope(row.metric, over, {**row.where, **family}))
    yield column(
        "over sessions",
        lambda draft, row: draft.fit(row.metric, over, "power", "exponent_over_sessions", {**row.where, **family}),
    )
    yield column(
        "variance explained",
        lambda draft, row: draft.fit(row.metric, over, "power", "r_squared", {**row.where, **family}),
    )
    yield column(
        "expected at a new size",
        lambda draft, row: draft.fit(row.metric, over, "power", "prediction", {**row.where, **family}, at=new_size),
        form="text",
    )
    yield column("error of the power law", lambda draft, row: told(draft, row, "power"), PERCENT)
    yield column("of overhead and size", lambda draft, row: told(draft, row, "overhead"), PERCENT)
    yield column("of layers and size", lambda draft, row: told(draft, row, "layers"), PERCENT)
