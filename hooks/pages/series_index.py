"""The long form of the index: overview, graph, progression, entries, insights, recommendations and guides."""

from __future__ import annotations

from dataclasses import dataclass

from jinja2 import Environment
from markupsafe import Markup

from ..claims.claim import AnyClaim
from ..rendering.page import Page
from ..rendering.series_graph import graph_svg, legend
from ..replication.corpus import AllReports
from ..replication.findings import Published
from ..series.schema import Edge, Entry, Track
from .series_page import render_with_numbers

_TRACK_OF = {"Single-agent performance": Track.SINGLE, "Multi-agent performance": Track.MULTI}


@dataclass(frozen=True, slots=True)
class Row:
    """One report on the index; ``published`` is null while it is planned."""

    entry: Entry
    published: Published | None
    relations: tuple[Edge, ...]

    @property
    def status(self) -> str:
        return self.published.status if self.published else "planned"

    @property
    def question(self) -> str:
        """What the page of the report asks; before there is one, what its plan asks."""
        return (self.published.question if self.published else "") or self.entry.question

    @property
    def title(self) -> str:
        """What the page of the report is called; before there is one, what its plan is called."""
        return (self.published.title if self.published else "") or self.entry.title

    @property
    def finding(self) -> AnyClaim | None:
        """The claim that stands for the report."""
        return self.published.headline if self.published else None


def render_series_index(reports: AllReports, environment: Environment) -> tuple[Page, Page]:
    """The page ``series.md``, and that of its numbers."""
    found = rows(reports)
    drawn = Markup(graph_svg(reports.series, reports.published.keys()))  # noqa: S704
    keys = [(str(relation), Markup(line)) for relation, line in legend()]  # noqa: S704
    context = {
        "rows": found,
        "together": reports.series.together,
        "graph": drawn,
        "legend": keys,
        "measured": {title: claims_of(found, track) for title, track in _TRACK_OF.items()},
    }
    return render_with_numbers(reports, environment, "series.md", reports.series.together.title, context)


def rows(reports: AllReports) -> tuple[Row, ...]:
    """All reports in the order of the series."""
    edges = reports.series.together.relations
    return tuple(
        Row(
            entry,
            reports.published.get(entry.id),
            tuple(edge for edge in edges if edge.source == entry.id),
        )
        for entry in reports.series
    )


def claims_of(found: tuple[Row, ...], track: Track) -> tuple[tuple[str, AnyClaim], ...]:
    """The claims that stand for the published reports of a track."""
    return tuple((row.entry.id, row.finding) for row in found if row.entry.track is track and row.finding)
