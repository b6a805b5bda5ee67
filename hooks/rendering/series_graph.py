"""The graph of the series as one SVG: a column for each track, earlier reports above, an arrow to what builds on them.

It uses the colours of the page (``currentColor``), so it works light and dark, and has no script and no address.
"""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ..series import Series
from ..series.schema import Edge, Entry, Relation, Track
from ..text.escaping import escape_html

WIDTH, HEIGHT = 196, 64
COLUMN, ROW = 246, 100
MARGIN = 24
BULGE = 72
TITLES = {Track.SINGLE: "Single agent", Track.MULTI: "Multi-agent", Track.INFERENCE: "Inference"}
DASHES = {
    Relation.EXTENDS: "",
    Relation.PORTS: "14 3",
    Relation.COMPARES: "6 4",
    Relation.VALIDATES: "1 4",
    Relation.GENERALISES: "10 4 2 4",
    Relation.EXPLAINS: "2 3",
}


@dataclass(frozen=True, slots=True)
class Node:
    """A report's box; ``x`` and ``y`` are its upper left corner."""

    entry: Entry
    x: int
    y: int


def layout(series: Series) -> dict[str, Node]:
    """A place for every report: below all that it builds on, one report a row in each column."""
    targets: dict[str, list[str]] = {}
    for edge in series.together.relations:
        targets.setdefault(edge.source, []).append(edge.target)
    rows: dict[str, int] = {}
    used: dict[Track, int] = dict.fromkeys(Track, -1)
    for entry in series:
        above = max((rows[target] for target in targets.get(entry.id, ()) if target in rows), default=-1)
        rows[entry.id] = used[entry.track] = max(above + 1 if above >= 0 else 0, used[entry.track] + 1)
    columns = {track: number for number, track in enumerate(Track)}
    return {
        entry.id: Node(entry, MARGIN + columns[entry.track] * COLUMN, 2 * MARGIN + rows[entry.id] * ROW)
        for entry in series
    }


def graph_svg(series: Series, published: Collection[str]) -> str:
    """The SVG of the series; published reports are drawn solid, planned ones dashed."""
    nodes = layout(series)
    width = 2 * MARGIN + 2 * COLUMN + WIDTH + BULGE
    height = max(node.y for node in nodes.values()) + HEIGHT + MARGIN
    edges = "".join(_edge(edge, nodes) for edge in series.together.relations)
    boxes = "".join(_box(node, node.entry.id in published) for node in nodes.values())
    heads = "".join(
        f'<text x="{MARGIN + number * COLUMN}" y="{MARGIN + 4}" font-size="14" opacity="0.75">{TITLES[track]}</text>'
        for number, track in enumerate(Track)
    )
    return (
        f'<svg class="b-series" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' role="img" aria-labelledby="series-title series-text" fill="none" stroke="currentColor"'
        ' font-family="inherit">'
        '<title id="series-title">How the reports build on each other</title>'
        '<desc id="series-text">This page lists the relations of every report.</desc>'
        '<defs><marker id="series-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"'
        ' orient="auto"><path d="M0 0L8 4L0 8z" fill="currentColor" stroke="none"/></marker></defs>'
        f'<g fill="currentColor" stroke="none">{heads}</g><g opacity="0.7">{edges}</g>{boxes}</svg>'
    )


def legend() -> Iterator[tuple[Relation, str]]:
    """Every kind of relation with a short line drawn its way."""
    for relation, dash in DASHES.items():
        line = f'<line x1="0" y1="6" x2="44" y2="6" stroke="currentColor" stroke-width="1.5"{_dashed(dash)}/>'
        yield relation, f'<svg class="b-series-key" width="46" height="12" aria-hidden="true">{line}</svg>'


def _box(node: Node, published: bool) -> str:
    lines = textwrap.wrap(node.entry.title, 29)[:2]
    texts = "".join(
        f'<text x="{node.x + 10}" y="{node.y + 38 + 15 * number}" font-size="12">{escape_html(line)}</text>'
        for number, line in enumerate(lines)
    )
    frame = 'stroke-width="2.5"' if published else 'stroke-width="1.2" stroke-dasharray="5 3"'
    return (
        f'<g class="b-series-report"><rect x="{node.x}" y="{node.y}" width="{WIDTH}" height="{HEIGHT}" rx="6"'
        f' fill="currentColor" fill-opacity="0.06" {frame}/><g fill="currentColor" stroke="none">'
        f'<text x="{node.x + 10}" y="{node.y + 20}" font-size="14" font-weight="bold">'
        f"{escape_html(node.entry.label)}</text>{texts}</g></g>"
    )


def _edge(edge: Edge, nodes: dict[str, Node]) -> str:
    above, below = nodes[edge.target], nodes[edge.source]
    path = _within_column(above, below) if above.x == below.x else _between_columns(above, below)
    return (
        f'<path d="{path}" stroke-width="1.5"{_dashed(DASHES[edge.kind])} marker-end="url(#series-arrow)">'
        f"<title>{below.entry.label} {edge.kind} {above.entry.label}</title></path>"
    )


def _within_column(above: Node, below: Node) -> str:
    """Straight down to the next row; further down around the boxes between."""
    if below.y - above.y <= ROW:
        return f"M{above.x + WIDTH // 2} {above.y + HEIGHT}L{below.x + WIDTH // 2} {below.y - 2}"
    right, bulge = above.x + WIDTH, min(BULGE, 14 + 8 * (below.y - above.y) // ROW)
    start, end = above.y + HEIGHT // 2, below.y + HEIGHT // 2
    return f"M{right} {start}C{right + bulge} {start} {right + bulge} {end} {right + 2} {end}"


def _between_columns(above: Node, below: Node) -> str:
    """From the side of one column to the side of the next."""
    forward = below.x > above.x
    start = above.x + (WIDTH if forward else 0)
    end = below.x + (-2 if forward else WIDTH + 2)
    middle = (start + end) // 2
    top, bottom = above.y + HEIGHT // 2, below.y + HEIGHT // 2
    return f"M{start} {top}C{middle} {top} {middle} {bottom} {end} {bottom}"


def _dashed(dash: str) -> str:
    return f' stroke-dasharray="{dash}"' if dash else ""
