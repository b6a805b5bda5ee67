"""Between which sizes one level overtakes another, told from pairs of like runs at each size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from ..analysis.contrasts import contrasts
from ..content.blocks import Cell, Column, Table
from ..values.evidence import Level
from .claims import claim
from .columns import AskedColumn
from .contrasts import PHASE, Effect
from .report_builder import Draft
from .rows import Headings, Row, Rows, literal

NONE, UNKNOWN = "none: one side at every size", "not shown"


def by_size(
    draft: Draft,
    phases: Mapping[str, str],
    sizes: str,
    factor: str,
    levels: Mapping[Level, Level],
    where: Mapping[str, Level],
    headings: Headings,
) -> Rows[Effect]:
    """For each phase (its words by metric) and each recorded level of ``sizes``, in the order of the study, the level
    of ``factor`` that ``levels`` names for it, against the first one of ``factor``. Raises ``UnknownName``."""
    draft.demand_known({**where, factor: [*levels.values()], sizes: [*levels]})
    lines = tuple(
        Effect(
            {**where, sizes: size, factor: one.level},
            {PHASE: words, sizes: literal(draft, sizes, size, {sizes: "setting"})},
            {metric_id: one},
        )
        for metric_id, words in phases.items()
        for size in draft.data.levels(sizes)
        for one in contrasts(draft.data, metric_id, factor, {**where, sizes: size})
        if one.level == levels.get(size)
    )
    return Rows(draft, (PHASE, sizes), lines, headings)


def crossover(over: Rows[Effect], name: str, caption: str, size: AskedColumn[Row]) -> None:
    """A table with a line for each phase: the two neighbouring sizes between which the ratio passes one.

    The rows are ordered by their ``size``. A ratio that is not shown to lie on one side of one stands on none. Where no
    crossing is shown, the line says whether all ratios lie on one side.
    """
    phases = dict.fromkeys(one.text(f"{{{PHASE}}}") for one in over)
    lines = tuple((phase, *_ends(over, phase, size)) for phase in phases)
    over.draft.table(Table(name, caption, (Column(over.heading(PHASE)), Column("from"), Column("to")), lines))


def _ends(over: Rows[Effect], phase: str, size: AskedColumn[Row]) -> tuple[Cell, Cell]:
    of_phase = [one for one in over if one.text(f"{{{PHASE}}}") == phase]
    sides = [_side(one) for one in of_phase]
    shown = [(side, one) for side, one in zip(sides, of_phase, strict=True) if side]
    for (before, low), (after, high) in pairwise(shown):
        if before != after:
            return size.ask(over.draft, low), size.ask(over.draft, high)
    none = NONE if set(sides) in ({-1}, {1}) else UNKNOWN
    return none, none


def _side(one: Effect) -> int:
    """On which side of one the ratio lies; 0 where that is not shown."""
    interval = one.contrast.ratio.interval
    return 0 if interval is None else int(interval.low > 1) - int(interval.high < 1)


def at_every_size(claim_id: str, sentence: str, effects: Sequence[Effect], over: Rows[Effect], named: str) -> None:
    """A claim that the ratio lies below one at every size, where there are at least two.

    ``{phase}``, ``{smallest}`` and ``{largest}`` in the sentence are names, of the first and the last of ``effects`` by
    their name ``named``; ``{ratios}`` lists the ratios.
    """
    if len(effects) < 2:
        return
    first, last = effects[0], effects[-1]
    values = {f"size{place}": one.contrast.ratio for place, one in enumerate(effects)}
    names = {"smallest": first.names[named], "largest": last.names[named], PHASE: first.names[PHASE]}
    listed = sentence.replace("{ratios}", ", ".join(f"{{{name}}}" for name in values))
    claim(over.draft, claim_id, listed, values, " and ".join(f"{name}.high < 1" for name in values), names=names)
