"""What Vega-Lite specs of a list of points are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.4.1.json"
DATA = "shown"
"""The name of a chart's rows in its spec."""

Part = dict[str, Any]


def nominal(field: str, **how: Any) -> Part:
    """An encoding of names."""
    return {"field": field, "type": "nominal", **how}


def quantitative(field: str, **how: Any) -> Part:
    """An encoding of numbers."""
    return {"field": field, "type": "quantitative", **how}


def tooltips(fields: Iterable[tuple[str, str]]) -> list[Part]:
    """A line for each field that has a heading."""
    return [nominal(field, title=heading) for field, heading in fields if heading]


def layer(mark: str, encoding: Mapping[str, Any], **how: Any) -> Part:
    """Marks of one kind, drawn as ``how`` says."""
    return {"mark": {"type": mark, **how}, "encoding": dict(sorted(encoding.items()))}


def spec_of(title: str, rows: Sequence[Part], **chart: Any) -> Part:
    """The spec of a chart that shows ``rows``."""
    return {"$schema": SCHEMA, "data": {"name": DATA}, "datasets": {DATA: rows}, "description": title, **chart}
