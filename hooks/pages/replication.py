"""The pages of replication and coverage: what became of every figure that was published earlier."""

from __future__ import annotations

from dataclasses import dataclass

from jinja2 import Environment

from ..rendering.page import Page
from ..replication.corpus import AllReports
from ..replication.coverage import coverage, total
from ..replication.outcomes import Outcome, Replication
from .series_page import render_series_page

MEANINGS = {
    Outcome.REPLICATED: "our interval lies in the zone of the figure, or the claim that tests it holds",
    Outcome.NOT_REPLICATED: "our interval lies outside the zone, or the claim does not hold",
    Outcome.INCONCLUSIVE: "our interval reaches in and out of the zone, or our findings differ",
    Outcome.NOT_TESTED: "nothing published here measures it yet",
    Outcome.UNTESTABLE: "it cannot be tested on the machines of this site, or not by what its report publishes",
    Outcome.NO_CLAIM: "it says what a study did or planned, not what it found",
}


@dataclass(frozen=True, slots=True)
class Group:
    """The outcomes of the figures that are attributed to one report, or to none."""

    report: str | None
    lines: tuple[Replication, ...]


def render_replication(reports: AllReports, environment: Environment) -> Page:
    """The page ``replication.md``."""
    context = {"groups": groups(reports), "meanings": MEANINGS, "totals": _totals(reports)}
    return render_series_page(reports, environment, "replication.md", "Replication", context)


def render_coverage(reports: AllReports, environment: Environment) -> Page:
    """The page ``coverage.md``."""
    lines = coverage(reports.series.entries, reports.replications)
    named = [*((line.report or "none", line) for line in lines), ("all", total(lines))]
    context = {"lines": named, "outcomes": tuple(MEANINGS)}
    return render_series_page(reports, environment, "coverage.md", "Coverage", context)


def groups(reports: AllReports) -> tuple[Group, ...]:
    """The figures by report in the order of the series, those of no report last."""
    names: tuple[str | None, ...] = (*reports.series.entries, None)
    found = (Group(name, tuple(r for r in reports.replications if r.figure.report == name)) for name in names)
    return tuple(group for group in found if group.lines)


def _totals(reports: AllReports) -> dict[Outcome, int]:
    counts = total(coverage(reports.series.entries, reports.replications)).counts
    return {outcome: counts.get(outcome, 0) for outcome in MEANINGS}
