"""One figure of a built page: its spec, its drawing and its data table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .page import Page
from .plain_files import is_plain


class NoSpec(Exception):
    """A spec that is absent or cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Figure:
    """``element`` is the ``figure`` element; ``spec`` its Vega-Lite spec."""

    page: Page
    element: Any
    spec: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.element.get("id"))

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The data of the chart."""
        data = self.spec.get("data", {})
        named = self.spec.get("datasets", {}).get(data.get("name"), [])
        rows: list[dict[str, Any]] = data.get("values", named)
        return rows

    @property
    def dots(self) -> list[dict[str, Any]]:
        """The blocks behind its points."""
        found: list[dict[str, Any]] = self.spec.get("datasets", {}).get("dots", [])
        return found

    @property
    def sized(self) -> bool:
        """Whether its points lie over sizes, on logarithmic axes."""
        return any("at" in row for row in self.rows)

    @property
    def spans(self) -> bool:
        """Whether it shows spans of time, from a begin to a number."""
        return any("from" in row for row in self.rows)

    @property
    def planar(self) -> bool:
        """Whether its points have a number on either axis, each with its interval."""
        return any("left" in row for row in self.rows)

    @property
    def drawings(self) -> list[Any]:
        """The SVGs: one for every width, or one for all."""
        return list(self.element.iter("svg"))

    def table_rows(self) -> Iterator[tuple[tuple[str | None, ...], list[str]]]:
        """Each row of the data table: the ids of its values, and its other cells as text."""
        for row in self.element.xpath(".//tbody/tr"):
            shown = [element for element in row.iter("data") if not element.get("data-part")]
            words = [_words(cell) for cell in row if not any(True for _ in cell.iter("data"))]
            yield tuple(map(self.page.shown, shown)), words


def _words(cell: Any) -> str:
    return " ".join(cell.text_content().split())


def figures(page: Page) -> Iterator[Figure | tuple[str, str]]:
    """The charts of a page; a name and a problem where one has no spec."""
    for element in page.tree.xpath("//figure[@data-spec]"):
        try:
            yield Figure(page, element, _spec(page, element.get("data-spec")))
        except NoSpec as problem:
            yield str(element.get("id")), str(problem)


def _spec(page: Page, address: str) -> Mapping[str, Any]:
    path = (page.folder / address).resolve()
    if not path.is_relative_to(page.root.resolve()) or not is_plain(path):
        raise NoSpec(f"its spec {address!r} is not in the site")
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        spec = json.loads(text)
    except ValueError as error:
        raise NoSpec(f"its spec {address!r} cannot be read: {error}") from None
    if not isinstance(spec, dict):
        raise NoSpec(f"its spec {address!r} is no chart")
    if json.dumps(spec, sort_keys=True, separators=(",", ":")) + "\n" != text:
        raise NoSpec(f"its spec {address!r} is not canonical JSON")
    return spec
