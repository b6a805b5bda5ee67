"""Factors whose levels the engine ran as one configuration: the table of them, each with the A/A test that it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harness.metrics.factors import Merged

from ..analysis.contrasts import merged, proof, varied
from ..content.blocks import Column, Lit, Table
from ..text.naming import level_text, slug
from ..values.value import Value
from .report_builder import Draft


@dataclass(frozen=True, slots=True)
class Alike:
    """A factor without effect. ``used`` is the one number that the engine reports as ``setting``, missing where runs
    differ in it."""

    factor: str
    levels: str
    setting: str
    used: Value
    verdict: str

    @property
    def names(self) -> dict[str, Lit]:
        """The name of a sentence about it: its ``levels``."""
        return {"levels": Lit(self.levels, "setting")}


def same_configuration(draft: Draft, name: str, caption: str, metric_id: str, what: str) -> tuple[Alike, ...]:
    """A table of the varied factors whose levels were all one configuration, and a finding ``used_<factor>`` for each.

    The A/A test compares the levels in ``metric_id``, called ``what``. The report declares them as without effect.
    """
    found = tuple(_alike(draft, metric_id))
    for one in found:
        draft.no_effect(one.factor)
    columns = ("factor", "requested", "engine setting", "used in all arms", f"A/A test of {what}")
    lines = tuple(
        (
            Lit(one.factor, "identifier"),
            Lit(one.levels, "setting"),
            Lit(one.setting, "identifier"),
            one.used,
            one.verdict,
        )
        for one in found
    )
    draft.table(Table(name, caption, tuple(map(Column, columns)), lines))
    return found


def _alike(draft: Draft, metric_id: str) -> Iterator[Alike]:
    data = draft.data
    for factor in varied(data):
        for group in merged(data, factor, metric_id):
            if len(group.levels) == len(data.levels(factor)):
                setting = proof(data, factor) or ""
                used = draft.finding(f"used_{slug(factor)}", data.effective(setting))
                levels = ", ".join(map(level_text, group.levels))
                yield Alike(factor, levels, setting, used, _verdict(group))


def _verdict(group: Merged) -> str:
    if group.aa is None:
        return "too few runs"
    return "no difference found" if group.aa.passes else "a difference: noise is underestimated"
