"""The home page has cards of the reports that the rule names, in its order."""

from types import SimpleNamespace
from typing import Any

import pytest
from lxml import html

from hooks.verify.agreement import home_cards
from hooks.verify.agreement.home_cards import wrong_cards

SERIES = ["tr1", "tr2", "tr3", "tr4", "tr5"]


def reports(**changes: dict[str, str]) -> tuple[list[dict[str, Any]], Any]:
    """Five reports that differ in nothing but what is given of each."""
    told, pages = [], []
    for name in SERIES:
        of = {"verdict": "supported", "audit": "passed", "day": "2026-01-02"} | changes.get(name, {})
        recorded = [{"recorded": f"{of['day']}T00:00:00+00:00"}]
        claims = [{"id": "first", "verdict": of["verdict"]}]
        told.append({"page": f"{name}.html", "headline": "first", "claims": claims, "datasets": recorded})
        body = html.fromstring(f'<div><p class="b-audit-line"><a data-audit="{of["audit"]}">Audit</a></p></div>')
        pages.append(SimpleNamespace(name=f"{name}.html", body=body))
    return told, SimpleNamespace(pages=pages)


@pytest.mark.parametrize(
    ("changes", "right"),
    [
        ({}, ["tr5", "tr4", "tr3"]),
        ({"tr5": {"verdict": "not settled"}}, ["tr4", "tr3", "tr2"]),
        ({"tr4": {"audit": "failed"}}, ["tr5", "tr3", "tr2"]),
        ({"tr4": {"audit": "passed with warnings"}}, ["tr5", "tr4", "tr3"]),
        ({"tr1": {"day": "2026-01-03"}}, ["tr1", "tr5", "tr4"]),
        ({name: {"verdict": "not settled"} for name in SERIES[1:]}, ["tr1", "tr5", "tr4"]),
    ],
)
def test_the_cards_are_those_of_the_rule(
    changes: dict[str, Any], right: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told, site = reports(**changes)
    monkeypatch.setattr(home_cards, "told", lambda _: told)
    assert wrong_cards(right, site, SERIES) is None
    said = wrong_cards(right[::-1], site, SERIES)
    assert said is not None
    assert f"by their rule, of {', '.join(right)}" in said
