"""The home page, and the page that gathers the reasons to believe what the others say."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment

from ..claims.verdict import Verdict
from ..editions.prose import Change
from ..editions.report import Report
from ..rendering.page import Page
from ..replication.corpus import AllReports
from .series_index import Row, rows
from .series_page import render_series_page

CARDS = 3
"""Reports that the page shows; the list of reports shows all."""


def render_home(
    reports: AllReports, environment: Environment, news: Sequence[Report], servers: Sequence[tuple[str, str]]
) -> Page:
    """The page ``index.md``."""
    found = [row for row in rows(reports) if row.published]
    context = {
        "servers": servers,
        "shown": shown_first(found),
        "published": found,
        "planned": [row for row in rows(reports) if not row.published],
        "live": next((row for row in found if row.finding and row.entry.id == "tr117"), found[0] if found else None),
        "news": _news(news),
    }
    return render_series_page(reports, environment, "index.md", "Home", context, wide=True)


def shown_first(published: Sequence[Row]) -> list[Row]:
    """The reports that have a card: those whose first claim is supported come first, of these those of which no dataset
    failed its audit, then the newest. Of one day it is the last of the series."""
    placed = sorted(enumerate(published), key=lambda at: (*_place(at[1]), at[0]), reverse=True)
    return [row for _, row in placed[:CARDS]]


def _place(row: Row) -> tuple[bool, bool, str]:
    if row.published is None:
        return False, False, ""
    supported = row.finding is not None and row.finding.verdict is Verdict.SUPPORTED
    return supported, all(one.verdict != "failed" for one in row.published.audits), row.published.date


def _news(news: Sequence[Report]) -> list[tuple[list[Report], Change]]:
    """The last change of each report, newest first; reports that changed alike on one day share a line."""
    alike: dict[tuple[str, str], tuple[list[Report], Change]] = {}
    for report in news:
        for change in report.prose.front.changelog[-1:]:
            alike.setdefault((change.date, change.text), ([], change))[0].append(report)
    return sorted(alike.values(), key=lambda pair: pair[1].date, reverse=True)


def render_trust(reports: AllReports, environment: Environment, *, simulated: bool) -> Page:
    """The page ``trust.md``; ``simulated`` says that the project has simulations of its statistics."""
    context = {"simulated": simulated, "published": [row for row in rows(reports) if row.published]}
    return render_series_page(reports, environment, "trust.md", "Trust", context)
