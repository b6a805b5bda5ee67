"""A report over many datasets names each with its verdict, and has a line with its reasons."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from lxml import html

from hooks.verify.meaning import audit_badges, audit_rows

WARM, CALM, HOST = "not warmed up", "nothing else took the processors", "same host"
RULES = {
    "a": [(WARM, "error", "3 of 9 runs; for example r1"), (CALM, "holds", "0 of 9 runs")],
    "b": [(WARM, "holds", "none"), (CALM, "warning", "2 of 9 runs")],
    "c": [(WARM, "holds", "none"), (HOST, "unknown", f"calibration 12ab {audit_rows.ELSEWHERE}")],
}


def line(verdict: str, words: str, more: str) -> str:
    return f'<p class="b-audit-line"><a data-audit="{verdict}">Audit {words}</a>{more}</p>'


PAGE = f"""<article>{line("failed", "failed", " a")}{line("passed with warnings", "passed with warnings", " b, c")}
{line("failed", f"failed: {WARM}: 3 of 9 runs", " of dataset a.")}
{line("passed with warnings", "passed with warnings", f" of dataset b. Warnings: {CALM}.")}
{line("passed with warnings", "passed with warnings", " of dataset c.")}</article>"""


def problems(text: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(audit_rows, "lines_of", lambda _, own: {rule[0]: rule for rule in RULES[own]})
    page: Any = SimpleNamespace(body=html.fromstring(text))
    site: Any = SimpleNamespace()
    of_datasets: Any = [(name, name) for name in RULES]
    return [problem for problem in audit_rows._of_several(site, page, of_datasets) if problem]


def test_true_badges_are_right_and_what_is_asked_elsewhere_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert problems(PAGE, monkeypatch) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("</a> b, c<", "</a> c<", "its badges name a, c"),
        ("</a> a<", "</a> a, b<", "its badges name a, b, b, c"),
        ('"failed">Audit failed</a>', '"passed">Audit passed</a>', "of a its badges say"),
        (f"failed: {WARM}: 3 of", f"failed: {WARM}: 1 of", "the audit says “Audit failed: not warmed up: 3 of 9 runs"),
        (f" Warnings: {CALM}.", "", "the audit says “Audit passed with warnings of dataset b. Warnings:"),
        (" of dataset b.", " of dataset c.", "of b its badges say"),
        ('"failed">Audit failed:', '"passed">Audit failed:', "of a its badges say"),
    ],
)
def test_a_false_badge_is_found(old: str, new: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert PAGE.count(old) == 1
    found = problems(PAGE.replace(old, new), monkeypatch)
    assert any(said in one for one in found), found


@pytest.mark.parametrize(("said", "expected"), [("2 of 3", None), ("1 of 3", "2 of 3"), ("2 of 4", "2 of 3")])
def test_a_badge_that_counts_datasets_counts_those_whose_audit_says_so(said: str, expected: str | None) -> None:
    number, _, all_of = said.partition(" of ")
    cell = f"<td><a>Audit failed</a> in <span>{number}</span> of <span>{all_of}</span> datasets<br><a>x</a></td>"
    badge = html.fromstring(cell).xpath(".//a")[0]
    verdicts: list[str | None] = ["Audit failed: late", "Audit failed: not warm", "Audit passed"]
    problem = audit_badges._counted(badge, "Audit failed", verdicts)
    assert problem == (
        None if expected is None else f"“Audit failed” is said of {said} datasets, it is so of {expected}"
    )
