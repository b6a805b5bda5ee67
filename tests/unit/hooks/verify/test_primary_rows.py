"""A row of the table of primary contrasts that says something else than its numbers and its design is found."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from lxml import html

from hooks.verify.reader.questions_json import StatedPrimary
from hooks.verify.reader.values_json import StatedInterval, StatedValue
from hooks.verify.recompute.predicate_bounds import exact
from hooks.verify.rows.primary_rows import check

HEADINGS = ("primary", "ratio", "p of no effect", "p of no equivalence", "margin", "finding", "sessions", "on host A")
ASKED = {"ratio": "ratio", "effect": "p_effect", "equivalent": "p_equivalent", "blocks": "blocks", "here": "ratio"}
NUMBERS = {"ratio": 1.24, "effect": 0.03, "equivalent": 1.0, "blocks": 8.0, "here": 1.2}
CELLS = ("prefill", "ratio", "effect", "equivalent", "1.05", "effect", "blocks", "here")


def value(key: str, of: str, host: str) -> StatedValue:
    question = StatedPrimary(
        dataset="tr900/v1", digest="d", other_recording=False,
        kind="primary", primary="prefill", of=of, flagged="kept", host=host,
    )  # fmt: skip
    interval = StatedInterval(low=1.13, high=1.5, level=0.95, method="t") if of == "ratio" else None
    return StatedValue(
        number=NUMBERS[key], unit="", figure="", text="", status="derived", n=8, missing=None, interval=interval,
        question=question, source="", parents=[], operation="", definition="", caution="", decimals=None, name="",
        dims=[], scale=1.0,
    )  # fmt: skip


def problems(cells: tuple[str, ...] = CELLS, headings: tuple[str, ...] = HEADINGS) -> list[str]:
    values = {key: value(key, of, "h1" if key == "here" else "") for key, of in ASKED.items()}
    shown = [
        f'<data data-v="{one}"></data>' if one in values and place != 5 else one for place, one in enumerate(cells)
    ]
    head, row = ("".join(f"<{tag}>{one}</{tag}>" for one in found) for tag, found in (("th", headings), ("td", shown)))
    table = f"<thead><tr>{head}</tr></thead><tbody><tr>{row}</tr></tbody>"
    body = html.fromstring(f'<article><table id="table-primaries">{table}</table></article>')
    page: Any = SimpleNamespace(
        name="page",
        documents=[SimpleNamespace(body=body)],
        stated=SimpleNamespace(values=values),
        shown=lambda element: element.get("data-v"),
    )
    design = {"primaries": [{"id": "prefill", "margin": 1.05, "smallest": 1.1}]}
    samples = SimpleNamespace(hosts={"r1": "h1", "r2": "h2"}, designs={"r1": design})
    site: Any = SimpleNamespace(pages=[page], once=lambda _, make: make(), samples=lambda _: samples)
    return [one.problem for one in check(site) if one.problem is not None]


def exchanged(of: tuple[str, ...], one: int, other: int) -> tuple[str, ...]:
    found = list(of)
    found[one], found[other] = found[other], found[one]
    return tuple(found)


def test_a_row_of_its_own_numbers_is_right() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("place", "text", "said"),
    [
        (0, "decode", "its ratio is that of prefill"),
        (1, "here", "“ratio” has the ratio of on host A"),
        (4, "1.5", "its margin is 1.5, the design says 1.05"),
        (5, "equivalent", "it is called “equivalent”, its interval and its p-values say “effect”"),
        (5, "not settled", "say “effect”"),
        (6, "equivalent", "“sessions” has the p_equivalent"),
    ],
)
def test_another_word_or_number_is_found(place: int, text: str, said: str) -> None:
    assert any(said in one for one in problems((*CELLS[:place], text, *CELLS[place + 1 :])))


@pytest.mark.parametrize(("one", "other"), [(2, 3), (1, 6), (1, 7)])
def test_exchanged_headings_are_found(one: int, other: int) -> None:
    assert problems(headings=exchanged(HEADINGS, one, other))


def test_the_letter_of_another_host_is_found() -> None:
    assert problems(headings=(*HEADINGS[:-1], "on host B")) == [
        "table-primaries: prefill: “on host B” has the ratio of on host A"
    ]


@pytest.mark.parametrize("key", list(ASKED))
def test_p_values_are_asked_as_they_are_and_ratios_by_their_intervals(key: str) -> None:
    values = {key: value(key, ASKED[key], "")}
    assert exact(key, values) is ASKED[key].startswith("p_")
