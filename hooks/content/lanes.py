"""A timeline: spans of time on one lane each, coloured by what went on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..text.escaping import one_line
from ..values.value import Value
from .blocks import Column, Figure, Lit, Table
from .charts import DATA, Axes, Point, comparable, datum, legend, row_labels, safe
from .vega import WIDTH, static_svg
from .widths import NARROW, Layout, wide

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
    measure = f"{axes.measure} ({unit.symbol})"
    spec, narrow = (_spec(title, axes, shown, measure, layout) for layout in (wide(WIDTH - 180), NARROW))
    columns = (
        Column(axes.label),
        Column(axes.series),
        Column("from", unit, "interval"),
        Column(axes.measure, unit, "interval"),
    )
    rows = tuple((Lit(span.end.label, "identifier"), span.end.series, span.begin, span.end.value) for span in shown)
    description = f"{title}. {axes.series} by {axes.label}. The table below holds all numbers."
    table = Table(f"{name}-data", title, columns, rows)
    drawings = static_svg(spec, f"svg-{name}"), static_svg(narrow, f"svg-{name}-narrow")
    return Figure(name, title, description, spec, drawings[0], table, drawings[1])


def _has_length(span: Span) -> bool:
    begin, end = span.begin.number, span.end.value.number
    return begin is not None and end is not None and begin < end


def _spec(title: str, axes: Axes, spans: Sequence[Span], measure: str, layout: Layout) -> dict[str, Any]:
    import altair as alt

    rows = [
        {**datum(span.end, order), "begin": span.begin.number, "from": span.begin.id}
        for order, span in enumerate(spans)
    ]
    labels, series = (list(dict.fromkeys(row[key] for row in rows)) for key in ("label", "series"))
    colour = alt.Color(
        "series:N", scale=alt.Scale(domain=series), title=axes.series, legend=legend(series, layout, limit=0)
    )
    ticks = alt.Axis(tickCount=6 if layout.plot > NARROW.plot else 3)
    shown = (
        alt.Chart()
        .mark_rule(strokeWidth=BAR)
        .encode(
            x=alt.X("begin:Q", title=layout.words(measure), scale=alt.Scale(zero=True, nice=True), axis=ticks),
            x2="number:Q",
            y=row_labels(axes.label, labels, layout, BAR),
            color=colour,
            tooltip=[
                alt.Tooltip(f"{field}:N", title=heading)
                for field, heading in (("label", axes.label), ("series", axes.series), ("text", axes.measure))
            ],
        )
    )
    height = layout.rows(labels, BAR)[0] * len(labels) if layout.above else alt.Step(LANE)
    chart = alt.LayerChart(data=alt.NamedData(DATA), layer=[shown], height=height, width=layout.plot)
    spec: dict[str, Any] = chart.to_dict(validate=False)
    spec.pop("config", None)
    return {**spec, "datasets": {DATA: rows}, "description": title}
