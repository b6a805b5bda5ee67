"""A gate, a sensor or a status that does not follow from the numbers of its row is found."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from lxml import html

from hooks.verify.reader.questions_json import StatedCount, StatedMetric
from hooks.verify.rows.status_words import check

OF = {"dataset": "tr117/v1", "digest": "d", "other_recording": False, "where": {"arm": ["a"], "precision": ["fp32"]}}


def asked(metric: str) -> StatedMetric:
    how = {"metric": metric, "metric_version": 1, "phase": None, "prompt": None, "within": "median", "across": "median"}
    return StatedMetric.model_construct(kind="metric", **OF, **how)


def value(number: float | None, question: Any = None, *parents: str) -> Any:
    return SimpleNamespace(number=number, question=question, parents=parents)


VALUES = {
    "perplexity": value(40.7, asked("perplexity")),
    "over": value(1.0, None, "perplexity"),
    "common": value(100.0, asked("greedy_agreement")),
    "worse": value(9.0, None, "perplexity"),
    "power": value(129.5, asked("gpu_power")),
    "joules": value(2.5, None, "power"),
    "declared": value(4.0),
    "ended": value(
        8, StatedCount.model_construct(kind="count", of="runs", outcome="timed_out", code="no_answer", **OF)
    ),
}
GATE = ("engine", "perplexity", "over the full-precision baseline's", "likeliest tokens in common (%)", "gate")
ENDED = ("engine", "outcome", "reason", "runs")


def problems(headings: tuple[str, ...], *cells: str) -> list[str]:
    shown = (f'<data data-v="{one[1:]}"></data>' if one.startswith("=") else one for one in cells)
    head, row = ("".join(f"<{tag}>{one}</{tag}>" for one in found) for tag, found in (("th", headings), ("td", shown)))
    table = f'<table id="t"><thead><tr>{head}</tr></thead><tbody><tr>{row}</tr></tbody></table>'
    page: Any = SimpleNamespace(
        name="page",
        documents=[SimpleNamespace(body=html.fromstring(f"<article>{table}</article>"))],
        stated=SimpleNamespace(values=VALUES),
        shown=lambda element: element.get("data-v"),
        lineage=lambda one: [one, *(VALUES[parent] for parent in one.parents)],
    )
    site: Any = SimpleNamespace(pages=[page], once=lambda _, make: make())
    return [one.problem for one in check(site) if one.problem is not None]


@pytest.mark.parametrize(
    ("headings", "cells", "said"),
    [
        (GATE, ("a", "=perplexity", "=over", "=common", "passes"), ""),
        (GATE, ("a", "=perplexity", "=over", "=common", "fails"), "its gate is “fails”, its study says “passes”"),
        (GATE, ("a", "=perplexity", "=worse", "=common", "passes"), "its gate is “passes”, its study says “fails”"),
        (GATE, ("a", "=perplexity", "—", "—", "passes"), "its study says “cannot be judged”"),
        (ENDED, ("a", "timed out", "no answer", "=ended"), ""),
        (ENDED, ("a", "ok", "no answer", "=ended"), "its runs are called ok, they ended timed out"),
        (ENDED, ("a", "timed out", "—", "=ended"), "its reason is “—”, not no_answer"),
        (("sensor", "status"), ("energy counters of the GPUs", "measured"), ""),
        (("sensor", "status"), ("energy counters of the GPUs", "none: no sensor"), "the page has numbers of it"),
        (("sensor", "status"), ("external meter", "measured"), "the page has no number of it"),
        (("sensor", "status"), ("external meter", "none: no sensor"), ""),
        (("sensor", "status"), ("a clock", "measured"), "no sensor that power is read by"),
        (("engine", "energy", "status"), ("a", "=joules", "measured"), ""),
        (("engine", "energy", "status"), ("a", "=joules", "modelled"), "its numbers are measured"),
        (("engine", "energy", "status"), ("a", "=declared", "measured"), "its numbers are modelled"),
    ],
)  # fmt: skip
def test_a_word_follows_from_its_row(headings: tuple[str, ...], cells: tuple[str, ...], said: str) -> None:
    found = problems(headings, *cells)
    assert any(said in one for one in found) if said else found == []
