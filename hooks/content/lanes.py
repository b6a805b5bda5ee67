"""A timeline: spans of time on one lane each, coloured by what went on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..text.escaping import one_line
from ..values.value import Value
from .blocks import Column, Figure, Lit, Table
from .charts import Axes, Point, comparable, datum, safe
from .encodings import layer, nominal, quantitative, spec_of, tooltips
from .vega import WIDTH, static_svg

LANE, BAR = 40, 16


@dataclass(frozen=True, slots=True)
class Span:
    """From ``begin`` to the value of ``end``, whose label is the lane and whose series says what went on."""

    begin: Value
    end: Point


def lanes(name: str, title: str, axes: Axes, spans: Sequence[Span]) -> Figure:
    """Spans by lane, and the table of when each began and ended. Those without a length or an end are left out.

    Raises ``UsageError`` where their moments differ in unit.
    """
    unit = comparable(name, [*(span.end for span in spans), *(replace(span.end, value=span.begin) for span in spans)])
    title = one_line(title)
    shown = [Span(span.begin, safe(span.end)) for span in spans if _has_length(span)]
    spec = _spec(title, axes, shown, f"{axes.measure} ({unit.symbol})")
    columns = (
        Column(axes.label),
        Column(axes.series),
        Column("from", unit, "interval"),
        Column(axes.measure, unit, "interval"),
    )
    rows = tuple((Lit(span.end.label, "identifier"), span.end.series, span.begin, span.end.value) for span in shown)
    description = f"{title}. {axes.series} by {axes.label}. The table below holds all numbers."
    table = Table(f"{name}-data", title, columns, rows)
    return Figure(name, title, description, spec, static_svg(spec, f"svg-{name}"), table)


def _has_length(span: Span) -> bool:
    begin, end = span.begin.number, span.end.value.number
    return begin is not None and end is not None and begin < end


def _spec(title: str, axes: Axes, spans: Sequence[Span], measure: str) -> dict[str, Any]:
    rows = [
        {**datum(span.end, order), "begin": span.begin.number, "from": span.begin.id}
        for order, span in enumerate(spans)
    ]
    labels, series = (list(dict.fromkeys(row[key] for row in rows)) for key in ("label", "series"))
    shown = {
        "x": quantitative("begin", title=measure, scale={"zero": True, "nice": True}, axis={"tickCount": 6}),
        "x2": {"field": "number"},
        "y": nominal("label", sort=labels, title=axes.label),
        "color": nominal("series", scale={"domain": series}, title=axes.series, legend={"labelLimit": 0}),
        "tooltip": tooltips((("label", axes.label), ("series", axes.series), ("text", axes.measure))),
    }
    bars = layer("rule", shown, strokeWidth=BAR)
    return spec_of(title, rows, layer=[bars], height={"step": LANE}, width=WIDTH - 180)
