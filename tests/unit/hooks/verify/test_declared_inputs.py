"""A row about a dated input that says something else is found, and so is the price of another machine."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from lxml import html

from hooks.verify.reader.questions_json import StatedInput
from hooks.verify.rows import declared_inputs

INPUTS = ("input", "value", "of", "region", "source", "age when recorded")
ROW = ("c6i.large, Intel, on demand", "=price", "2026-02-09", "us-east-1", "a price list", "older than half a year")
TIERS = ("paid as", "compute machine, Intel", "general machine, Intel (USD/Mtok)")


def declared(name: str, what: str) -> Any:
    asked = StatedInput(kind="input", name=name, date="2026-02-09", region="us-east-1", source="a price list")
    return SimpleNamespace(question=asked, definition=what, parents=[])


VALUES = {
    "price": declared("machine.c6i-large", "c6i.large, Intel, on demand"),
    "amd": declared("machine.c6a-large", "c6a.large, AMD, on demand"),
    "spot": declared("machine.c6i-large.spot", "c6i.large, Intel, spot"),
    "general": declared("machine.m5-large", "m5.large, Intel, on demand"),
    "cost": SimpleNamespace(question=None, definition="", parents=["general"]),
}


def problems(monkeypatch: pytest.MonkeyPatch, headings: tuple[str, ...], *cells: str) -> list[str]:
    shown = (f'<data data-v="{one[1:]}"></data>' if one.startswith("=") else one for one in cells)
    head, row = ("".join(f"<{tag}>{one}</{tag}>" for one in found) for tag, found in (("th", headings), ("td", shown)))
    table = f'<table id="t"><thead><tr>{head}</tr></thead><tbody><tr>{row}</tr></tbody></table>'
    page: Any = SimpleNamespace(
        name="page",
        documents=[SimpleNamespace(body=html.fromstring(f"<article>{table}</article>"))],
        stated=SimpleNamespace(values=VALUES),
        shown=lambda element: element.get("data-v"),
        lineage=lambda value: [value, *(VALUES[one] for one in value.parents)],
    )
    sealed = SimpleNamespace(manifest={"created": "2026-11-27T00:00:00+00:00"})
    monkeypatch.setattr(declared_inputs, "datasets_of_pages", lambda _: [(page, [sealed])])
    site: Any = SimpleNamespace(pages=[page], once=lambda _, make: make())
    return [one.problem for one in declared_inputs.check(site) if one.problem is not None]


@pytest.mark.parametrize(
    ("headings", "cells"),
    [
        (INPUTS, ROW),
        (TIERS, ("on demand", "=price", "=general")),
        (TIERS, ("spot, lowest", "=spot", "none")),
        (("engine", *TIERS[1:]), ("a", "=price", "=cost")),
    ],
)
def test_what_is_declared_is_right(
    monkeypatch: pytest.MonkeyPatch, headings: tuple[str, ...], cells: tuple[str, ...]
) -> None:
    assert problems(monkeypatch, headings, *cells) == []


@pytest.mark.parametrize(
    ("place", "text", "said"),
    [
        (0, "c6i.large, Intel, spot", "“input” of the input machine.c6i-large is “c6i.large, Intel, spot”, it is"),
        (2, "2027-02-09", "“of” of the input machine.c6i-large is “2027-02-09”, it is declared as “2026-02-09”"),
        (3, "eu-west-1", "declared as “us-east-1”"),
        (4, "hearsay", "declared as “a price list”"),
        (5, "within half a year", "is said to be within half a year, it is older than half a year"),
    ],
)
def test_another_word_of_a_row_is_found(monkeypatch: pytest.MonkeyPatch, place: int, text: str, said: str) -> None:
    (found,) = problems(monkeypatch, INPUTS, *ROW[:place], text, *ROW[place + 1 :])
    assert said in found


def test_another_heading_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = problems(monkeypatch, ("input", "value", "until", *INPUTS[3:]), *ROW)
    assert "its headings are input, value, until" in found


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (("on demand", "=amd", "none"), "“compute machine, Intel” has the price of c6a.large, AMD, on demand"),
        (("on demand", "=general", "none"), "“compute machine, Intel” has the price of m5.large"),
        (("on demand", "=spot", "none"), "“on demand” has the price of c6i.large, Intel, spot"),
        (("on demand", "=price", "=price"), "“general machine, Intel (USD/Mtok)” has the price of c6i.large"),
    ],
)
def test_the_price_of_another_machine_is_found(
    monkeypatch: pytest.MonkeyPatch, cells: tuple[str, ...], said: str
) -> None:
    assert any(said in one for one in problems(monkeypatch, TIERS, *cells))
