"""Every number in the HTML is the one that the page states: its attribute in full precision, its text rounded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.site import Site
from ..reader.values_json import StatedValue
from ..recompute.rounding import last_place, rounds


def check(site: Site) -> Iterator[Examined]:
    """Looks at every value element of every page."""
    for page in site.pages:
        for document in page.documents:
            for element in document.tree.iter("data"):
                problem = _problem(page, element)
                yield Examined(document.name, problem and f"“{element.text_content()}”: {problem}")


def _problem(page: Page, element: Any) -> str | None:
    key = page.shown(element)
    value = page.stated.values.get(key)
    if value is None:
        return f"no value has the id {key!r}"
    part = element.get("data-part", "")
    if part not in ("", "low", "high", "n"):
        return f"a value has no part {part!r}"
    number = _part(value, part)
    if element.get("value") != (None if number is None else repr(number)):
        return f"its value attribute is {element.get('value')!r}, the page states {number!r}"
    if not _shows(element.text_content(), value, part, number):
        return f"it is no right way to show {number!r}"
    if element.get("id") is not None:
        return f"it is called {element.get('id')}, and nothing leads to a number but its link"
    reason = (value.missing or "no interval").replace("_", " ")
    return None if element.get("title") in (None, reason) else f"its title is {element.get('title')!r}"


def _part(value: StatedValue, part: str) -> float | None:
    interval = value.interval
    if part == "n":
        return value.n
    if part:
        return None if interval is None else (interval.low if part == "low" else interval.high)
    return value.number


def _shows(text: str, value: StatedValue, part: str, number: float | None) -> bool:
    if part == "n":
        return text == ("0" if number is None else str(number))
    if part:
        return rounds(text, number, last_place(value))
    return text in (value.text, value.figure)
