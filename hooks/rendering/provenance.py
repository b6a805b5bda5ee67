"""The table "numbers on this page": what stands behind each value, readable without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from ..text.escaping import escape_markdown, literal
from ..values.html import bounds_html, number_html
from ..values.selector import DETECTABLE, Selector
from ..values.value import Value, by_id

_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_STATISTICS = {"mean": "mean", "median": "median", "pooled": "ratio of sums"}


@dataclass(frozen=True, slots=True)
class Row:
    """One value's row: HTML fragments that are safe inside Markdown, and the id of its metric's definition.

    ``dataset`` is empty where it is the page's own, or where the value rests on several.
    """

    id: str
    shown: Markup
    question: Markup
    filters: Markup
    n: Markup
    strength: str
    metric: str
    dataset: str
    method: str
    caution: str


def rows(shown: Mapping[str, Value], *, several: bool = False) -> list[Row]:
    """A row for each value on the page and for each value that one was computed from.

    A page over ``several`` datasets has none of its own.
    """
    return [_row(value, several=several) for value in by_id(shown.values()).values()]


def metrics(shown: Mapping[str, Value]) -> dict[str, str]:
    """The definitions that the values on a page rest on, by metric id."""
    found = {
        value.selector.metric: value.definition
        for value in by_id(shown.values()).values()
        if value.selector and "." not in value.selector.metric
    }
    return dict(sorted(found.items()))


def _row(value: Value, *, several: bool) -> Row:
    selector = value.selector
    return Row(
        value.id,
        _shown(value),
        Markup(_question(value)),  # noqa: S704
        Markup(", ".join(_filters(selector)) if selector else ""),  # noqa: S704
        Markup(number_html(value, str(value.n), part="n") if value.n is not None else ""),  # noqa: S704
        str(value.strength),
        selector.metric if selector and "." not in selector.metric else "",
        _dataset(value, several=several),
        value.interval.method if value.interval else "",
        value.caution or (value.missing or "").replace("_", " "),
    )


def _dataset(value: Value, *, several: bool) -> str:
    asked = [member.selector for member in value.lineage() if member.selector]
    datasets = {selector.dataset for selector in asked}
    named = several or any(selector.other_recording for selector in asked)
    return datasets.pop() if named and len(datasets) == 1 else ""


def _shown(value: Value) -> Markup:
    return Markup(" ".join(filter(None, (number_html(value), bounds_html(value)))))  # noqa: S704


def _question(value: Value) -> str:
    if value.parents:
        parents = [f'<a href="#n-{parent.id}">{number_html(parent)}</a>' for parent in value.parents]
        sign = _SIGNS.get(value.operation)
        formula = f" {sign} ".join(parents) if sign else f"{parents[0]} in another unit"
        return f"{escape_markdown(value.definition)}: {formula}" if value.definition else formula
    if value.selector is None:
        return escape_markdown(value.source or value.definition)
    if value.selector.within is None and value.selector.across is None:
        return escape_markdown(value.definition)
    return " ".join(_statistic(value.selector, value.definition))


def _statistic(selector: Selector, definition: str) -> Iterator[str]:
    name = escape_markdown(definition.partition(":")[0])
    yield f'<a href="#metric-{selector.metric}">{name}</a>,'
    if selector.contrast:
        factor, level, reference = (escape_markdown(part) for part in selector.contrast)
        if selector.across == DETECTABLE:
            yield "the smallest ratio over one that four of five such experiments would have found for"
        yield f"{factor} {literal(level, 'setting')} over {literal(reference, 'setting')}"
        yield "in pairs of runs that share all other settings, each"
        yield f"the {_STATISTICS.get(selector.within or '', 'value')} over {escape_markdown(selector.phase)} requests"
        return
    yield f"{_STATISTICS.get(selector.across or '', escape_markdown(selector.across or ''))} over runs"
    if selector.within:
        how = _STATISTICS.get(selector.within) or literal(selector.within, "definition")
        phase, _, other = (selector.phase or "").partition("/")
        yield f"of the {how} over {escape_markdown(phase)} requests"
        if other:
            yield f"divided by that over {escape_markdown(other)} requests of the same run"


def _filters(selector: Selector) -> Iterator[str]:
    for name, levels in selector.where:
        shown = " or ".join(level if isinstance(level, str) else repr(level) for level in levels)
        yield f"{escape_markdown(name)}&nbsp;{escape_markdown(shown)}"
    if selector.outcome:
        yield escape_markdown(" ".join(filter(None, (selector.outcome, selector.code))).replace("_", " "))
