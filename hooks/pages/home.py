"""The home page, and the page that gathers the reasons to believe what the others say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jinja2 import Environment
from markupsafe import Markup

from harness.metrics import METRICS
from harness.units import RATIO

from ..caching.store import key_of
from ..claims.ranking import Ranking
from ..claims.verdict import Verdict
from ..content.blocks import Figure
from ..content.charts import Axes, Point, intervals
from ..content.vega import spec_file
from ..editions.prose import Change
from ..editions.report import Report
from ..rendering.page import Page
from ..replication.corpus import AllReports
from ..values.value import Value
from .series_index import Row, rows
from .series_page import render_series_page

CARDS, NEWS = 3, 3
"""Reports and changes that the page shows; the list of reports shows all, and the feed."""
MOST, WIDTH = 3, 190
"""The numbers that a card draws, and how wide its plot is, in pixels."""


def render_home(
    reports: AllReports, environment: Environment, news: Sequence[Report], servers: Sequence[tuple[str, str]]
) -> Page:
    """The page ``index.md``."""
    found = [row for row in rows(reports) if row.published]
    shown = shown_first(found)
    plots = {row.entry.id: plot for row in shown if (plot := plot_of(row))}
    scripts = {name: spec_file(plot.spec) for name, plot in plots.items()}
    places = {name: f"index/{plots[name].name}.{key_of(script)[:12]}.vl.json" for name, script in scripts.items()}
    context = {
        "servers": servers,
        "shown": shown,
        "plots": plots,
        "places": places,
        "svg": Markup,
        "published": found,
        "planned": [row for row in rows(reports) if not row.published],
        "live": next((row for row in found if row.finding and row.entry.id == "tr117"), found[0] if found else None),
        "news": _news(news),
    }
    page = render_series_page(reports, environment, "index.md", "Home", context, wide=True)
    return replace(page, assets={**page.assets, **{places[name]: text.encode() for name, text in scripts.items()}})


def plot_of(row: Row) -> Figure | None:
    """The numbers that the claim of a report prints or ranks, with their intervals; none where it has none."""
    claim = row.finding
    if claim is None:
        return None
    ranked = isinstance(claim, Ranking)
    known = [(name, value) for name, value in claim.values.items() if value.interval]
    told = [(name if ranked else value.text, value) for name, value in known if ranked or value.text in claim.text]
    alike = [(label, value) for label, value in told if value.unit == told[0][1].unit][:MOST]
    if not alike:
        return None
    rule = 1.0 if alike[0][1].unit == RATIO else None
    axes = Axes("contender" if ranked else "number", _measure(alike[0][1]))
    points = [Point(label, value) for label, value in alike]
    name = f"card-{row.entry.id}"
    return intervals(name, "The same in a drawing", axes, points, zero=rule is None, rule=rule, mixed=True, width=WIDTH)


def _measure(value: Value) -> str:
    """What the axis counts."""
    metric = METRICS.get(getattr(value.question, "metric", ""))
    if value.unit == RATIO:
        return "ratio"
    return metric.name if metric else "number"


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
    return sorted(alike.values(), key=lambda pair: pair[1].date, reverse=True)[:NEWS]


def render_trust(reports: AllReports, environment: Environment, *, simulated: bool) -> Page:
    """The page ``trust.md``; ``simulated`` says that the project has simulations of its statistics."""
    context = {"simulated": simulated, "published": [row for row in rows(reports) if row.published]}
    return render_series_page(reports, environment, "trust.md", "Trust", context)
