"""Five questions that a reader has before scrolling, asked of the first screen of every published report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import html

from harness.studies import STUDIES
from hooks.editions.prose import read_prose
from tests.support.projects import ROOT

REPORTS = sorted(
    path.stem for path in (ROOT / "docs/reports").glob("*.md") if read_prose(path).front.status == "published"
)


@pytest.fixture
def first_screen(published_site: Path, report: str) -> Any:
    return html.parse(str(published_site / f"reports/{report}.html")).getroot().xpath("//article")[0]


@pytest.mark.parametrize("report", REPORTS)
def test_the_first_screen_answers(first_screen: Any, report: str) -> None:
    front = read_prose(ROOT / f"docs/reports/{report}.md").front
    answer = first_screen.find_class("b-answer")[0]
    question = front.question or STUDIES.load(report).question
    assert question in " ".join(first_screen.xpath(".//h1")[0].text_content().split())
    verdicts = answer.xpath(".//*[@data-claim]/@data-state")
    assert verdicts
    told = "supported" in verdicts or "minimum detectable ratio" in answer.text_content()
    assert told, "no sentence of the answer is supported, and none says what would have been found"
    assert answer.xpath(".//*[@data-claim]//data"), "the answer shows no effect"
    facts = first_screen.find_class("b-facts")[0].text_content()
    for name in ("Hardware", "Model", "Tokens", "Runs", "Dataset", "Recorded"):
        assert name in facts
    assert "cores" in facts
    audit = answer.find_class("b-audit")[0]
    assert audit.text_content().startswith(f"Audit {audit.get('data-audit')}")
    assert len(answer.find_class("b-limits")[0].text_content().split()) > 5
    hero = first_screen.find_class("b-hero")[0]
    assert hero.xpath(".//figure//svg | .//td[starts-with(@class, 'b-heat')]"), "no chart on the first screen"
    order = [first_screen.text_content().index(words) for words in ("Limits.", "Hardware", "Recommendation", "Results")]
    assert order == sorted(order)
