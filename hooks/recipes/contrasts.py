"""Levels against the reference of their factor, in pairs of like runs: rows, and columns that say what was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.design import level_key
from harness.errors import UnknownName

from ..analysis.contrasts import Contrast, contrasts, varied
from ..content.blocks import Column, Lit
from ..values.evidence import Level
from .columns import AskedColumn
from .report_builder import Draft
from .rows import Headings, Kinds, Row, Rows, literal

PHASE, REFERENCE, CHANGE = "phase", "reference", "change"
"""Names of rows: the phase whose metric is compared, the level that it is compared with, and both as one."""


@dataclass(frozen=True, slots=True)
class Effect(Row):
    """One level against its reference: a contrast for each metric, by id."""

    contrasts: Mapping[str, Contrast]

    @property
    def contrast(self) -> Contrast:
        """That of the first metric."""
        return next(iter(self.contrasts.values()))

    @property
    def metric(self) -> str:
        """The first metric."""
        return next(iter(self.contrasts))

    @property
    def where_else(self) -> dict[str, Level]:
        """The levels that it shares with its reference."""
        return {factor: level for factor, level in self.where.items() if factor != self.contrast.factor}


def against_reference(
    draft: Draft,
    phases: Mapping[str, str],
    factor: str,
    per: str,
    names: tuple[str, ...],
    *,
    where: Mapping[str, Level] | None = None,
    within: str | None = None,
    kinds: Kinds | None = None,
    headings: Headings | None = None,
) -> Rows[Effect]:
    """Each level of ``factor`` against its first one: phase by phase, at each level of ``per`` and with the levels of
    ``where``. ``phases`` are the words for the metrics, by id; ``within`` makes one number of a run's requests. A level
    without any pair of like runs has no row.

    ``names`` are those that head the table, of ``PHASE``, ``per`` and ``factor``. Raises ``UnknownName``.
    """
    where, kinds = where or {}, kinds or {}
    draft.demand_known({**where, factor: (), per: ()})
    lines = tuple(
        Effect(
            {**where, per: level, factor: one.level},
            {
                PHASE: word,
                per: literal(draft, per, level, kinds),
                factor: literal(draft, factor, one.level, kinds),
                REFERENCE: literal(draft, factor, one.reference, kinds),
            },
            {metric_id: one},
        )
        for metric_id, word in phases.items()
        for level in draft.data.levels(per)
        for one in contrasts(draft.data, metric_id, factor, {**where, per: level}, within=within)
    )
    return Rows(draft, names, lines, headings or {}, kinds)


def every_setting(draft: Draft, metric_ids: Sequence[str], per: str) -> Rows[Effect]:
    """Every level of every varied factor against the factor's first, at each level of ``per``, metrics side by side.

    A level has a row where every metric has a contrast for it. Raises ``UnknownName``.
    """
    draft.demand_known({per: ()})
    lines = tuple(
        Effect(
            {per: level, factor: found[0].level},
            {per: literal(draft, per, level, {}), CHANGE: _change(draft, found[0])},
            dict(zip(metric_ids, found, strict=True)),
        )
        for level in draft.data.levels(per)
        for factor in varied(draft.data)
        if factor != per
        for found in _side_by_side([contrasts(draft.data, name, factor, {per: level}) for name in metric_ids])
    )
    return Rows(draft, (per, CHANGE), lines, {CHANGE: "level ÷ reference"})


def _side_by_side(found: Sequence[tuple[Contrast, ...]]) -> Iterator[tuple[Contrast, ...]]:
    """The contrasts of all metrics at each level, in the order of the first metric's."""
    by_level = [{level_key(one.level): one for one in contrasts} for contrasts in found]
    for level in by_level[0]:
        if all(level in others for others in by_level):
            yield tuple(others[level] for others in by_level)


def _change(draft: Draft, contrast: Contrast) -> Lit:
    level, reference = (draft.study.called(contrast.factor, side) for side in (contrast.level, contrast.reference))
    return Lit(f"{draft.study.heading(contrast.factor)} {level} ÷ {reference}", "setting")


def ratio(heading: str, metric_id: str = "") -> AskedColumn[Effect]:
    """The ratio of a metric to that of the reference; the first metric's, where none is named."""
    return AskedColumn(Column(heading, None, "interval"), lambda _, effect: _of(effect, metric_id).ratio)


def ratio_and_finding(heading: str, metric_id: str = "") -> Iterator[AskedColumn[Effect]]:
    """That ratio, the verdict on it, and the smallest one that would likely have been found."""
    yield ratio(heading, metric_id)
    yield AskedColumn(Column("finding"), lambda _, effect: _of(effect, metric_id).verdict)
    yield AskedColumn(Column("minimum detectable ratio"), lambda _, effect: _of(effect, metric_id).detectable)


def _of(effect: Effect, metric_id: str) -> Contrast:
    if metric_id and metric_id not in effect.contrasts:
        raise UnknownName("metric of these rows", metric_id, effect.contrasts)
    return effect.contrasts[metric_id or effect.metric]
