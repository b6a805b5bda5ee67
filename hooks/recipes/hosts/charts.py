"""Charts of findings: the ratio on each host, with its interval, beside a line at one."""

from __future__ import annotations

from collections.abc import Iterable

from ...content.charts import Axes, Point, intervals
from ..report_builder import Draft
from .findings import Finding
from .hosts import Host

NEAR = 3.0
"""Ratios farther from one than this would press the others together on one axis."""


def host_chart(draft: Draft, hosts: tuple[Host, ...], found: Iterable[Finding], name: str, title: str) -> None:
    """A line for each finding, a mark for each host that was asked; none where nothing is to be drawn."""
    points = [
        Point(one.words, ratio, host.name)
        for one in found
        for host in hosts
        if (ratio := one.ratios.get(host.letter)) is not None
    ]
    if points:
        axes = Axes("finding", "ratio of the level to its reference", "host")
        draft.figure(intervals(name, title, axes, points, zero=False, rule=1.0, mixed=True))


def is_near(found: Finding) -> bool:
    """Whether its ratios fit an axis with those of other findings."""
    return all(1 / NEAR < (ratio.number or 1.0) < NEAR for ratio in found.ratios.values())


def first_screen(found: Iterable[Finding]) -> list[Finding]:
    """Those that a first screen has room for: all that fail on a host, and one of each study.

    That one is the first that holds everywhere, or the first of all where none does.
    """
    ordered = list(found)
    chosen: dict[str, Finding] = {}
    for one in sorted(ordered, key=lambda one: not one.everywhere):
        chosen.setdefault(one.study, one)
    return [one for one in ordered if chosen[one.study] is one or "fails" in map(one.on, one.borne)]
