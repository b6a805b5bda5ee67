"""Which marks are of which rows, by the legend: those of a series have its colour and its shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..reader.drawing import Mark
from ..reader.figure import Figure
from ..reader.legend import Ink, bare, has_labels, legend

Row = Mapping[str, Any]
OF_ENGINES = {"llama.cpp": "var(--b-chart-1)", "ONNXRuntime": "var(--b-chart-2)", "PyTorch": "var(--b-chart-4)"}
"""An engine has the same colour on all pages; its name is without white space."""


def problem(figure: Figure, svg: Any, marks: Sequence[Mark]) -> str | None:
    """What is wrong with the legend of a drawing, where its spec has one; every mark has to be in it."""
    series = _series(figure)
    known = legend(svg, series)
    if not _has_legend(figure.spec):
        return f"it has a legend of {', '.join(known)}, its spec has none" if known else None
    if not known and has_labels(svg):
        return None
    if lacking := series - known.keys():
        return f"its legend leaves out {lacking.pop()}"
    if len(set(known.values())) < len(known):
        return "two series of its legend look alike"
    for name, colour in OF_ENGINES.items():
        if name in series and name in known and known[name].colour != colour:
            return f"it draws {name} in {known[name].colour}, other pages in {colour}"
    looks, colours = set(known.values()), {one.colour for one in known.values()}
    strange = (mark.ink for mark in marks if (mark.ink not in looks if mark.symbol else mark.ink.colour not in colours))
    return next((f"a mark in {one.colour or 'no colour'} is of no series of its legend" for one in strange), None)


def by_ink(figure: Figure, svg: Any, marks: Sequence[Mark]) -> Iterator[tuple[list[Mark], list[Row]]]:
    """Symbols and the rows that they stand for, a series at a time: all together where there is no legend."""
    yield from _split(figure, [mark for mark in marks if mark.symbol], legend(svg, _series(figure)))


def by_colour(figure: Figure, svg: Any, marks: Sequence[Mark]) -> Iterator[tuple[list[Mark], list[Row]]]:
    """The same of lines, which have a colour and no shape."""
    colours = {name: Ink(ink.colour, "") for name, ink in legend(svg, _series(figure)).items()}
    yield from _split(figure, [mark for mark in marks if not mark.symbol], colours)


def rows_by_colour(figure: Figure, svg: Any) -> dict[str, list[Row]]:
    """The rows of the series that have each colour; all of them under no colour where there is no legend."""
    known = legend(svg, _series(figure))
    if not known:
        return {"": list(figure.rows)}
    found: dict[str, list[Row]] = {ink.colour: [] for ink in known.values()}
    for row in figure.rows:
        found[known[bare(str(row["series"]))].colour].append(row)
    return found


def _series(figure: Figure) -> set[str]:
    return {bare(str(row["series"])) for row in figure.rows if "series" in row}


def _split(figure: Figure, marks: Sequence[Mark], known: Mapping[str, Ink]) -> Iterator[tuple[list[Mark], list[Row]]]:
    if not known:
        yield list(marks), list(figure.rows)
    for ink in dict.fromkeys(known.values()):
        drawn = [one for one in marks if Ink(one.ink.colour, one.ink.shape if ink.shape else "") == ink]
        yield drawn, [row for row in figure.rows if known.get(bare(str(row["series"]))) == ink]


def _has_legend(node: Any) -> bool:
    """Whether a spec says that its series are named in a legend."""
    if isinstance(node, list):
        return any(map(_has_legend, node))
    if not isinstance(node, Mapping):
        return False
    if node.get("field") == "series" and isinstance(node.get("legend"), Mapping):
        return True
    return any(_has_legend(child) for name, child in node.items() if name not in ("data", "datasets"))
