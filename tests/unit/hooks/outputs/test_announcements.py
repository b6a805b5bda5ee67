"""What the site tells the world of its reports: the summary, the feed and the cards."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from lxml import etree

from hooks.build.builder import Builder
from hooks.outputs.feed import Entry, atom
from hooks.postprocess.head_links import shared
from hooks.project import Project
from hooks.rendering.page import Rendered
from hooks.text.numbers import has_number
from tests.support.projects import copy_project, record

ATOM = {"a": "http://www.w3.org/2005/Atom"}
HOSTILE = "</summary><script>alert(1)</script> & \u202egnp.exe \x0b"


def asset(rendered: Rendered, path: str) -> bytes:
    data = rendered.assets[path]
    return data.read_bytes() if isinstance(data, Path) else data


def test_the_summary_says_what_the_page_says(rendered: Rendered) -> None:
    (report,) = json.loads(asset(rendered, "summary.json"))["reports"]
    stated = json.loads(asset(rendered, report["values"]))
    assert report["id"] == "tr108"
    assert report["status"] == "recorded here"
    assert {claim["id"]: claim["state"] for claim in report["claims"]} == {
        key: claim["state"] for key, claim in stated["claims"].items()
    }
    for finding in report["findings"].values():
        if finding["id"] in stated["values"]:
            assert finding["text"] == stated["values"][finding["id"]]["text"]
    assert report["headline"] in stated["claims"]
    (dataset,) = report["datasets"]
    assert (dataset["name"], dataset["dataset"], dataset["profile"]) == ("", "tr108/v1", "quick")
    assert report["versions"] == [
        {
            "dataset": "tr108/v1",
            "digest": dataset["digest"],
            "sealed": dataset["recorded"],
            "page": "editions/tr108-v1.html",
            "superseded_by": None,
            "reason": "",
        }
    ]


def test_the_feed_tells_of_each_version_and_of_replaced_figures(tmp_path: Path, store: Path) -> None:
    root = copy_project(tmp_path / "project")
    data = tmp_path / "local"
    record(data, seed=5)
    record(data, seed=6, effect={"threads=2": 1.2}, supersedes_reason="the clock was wrong")
    rendered = Builder(Project.at(root, data, store)).render()
    assert not rendered.broken
    found = etree.fromstring(asset(rendered, "feed.xml")).findall("a:entry", ATOM)
    titles = [entry.findtext("a:title", "", ATOM) for entry in found]
    assert sum("superseded by tr108/v2" in title for title in titles) == 1
    (told,) = [e.findtext("a:summary", "", ATOM) for e in found if "superseded" in e.findtext("a:title", "", ATOM)]
    assert "the clock was wrong" in told
    assert "→" in told
    assert len({entry.findtext("a:id", "", ATOM) for entry in found}) == len(found)
    assert len([title for title in titles if "errata of" not in title]) == 3


def test_the_feed_carries_hostile_text_unharmed() -> None:
    entry = Entry("tr108/v1", "2026-01-02T03:04:05+00:00", HOSTILE, 'x.html?"&', (HOSTILE,))
    (found,) = etree.fromstring(atom([entry])).findall("a:entry", ATOM)
    assert found.findtext("a:summary", "", ATOM) == "</summary><script>alert(1)</script> & ⟨U+202E⟩gnp.exe ⟨U+000B⟩"
    link = found.find("a:link", ATOM)
    assert link is not None
    assert link.get("href") == 'x.html?"&'


def test_an_empty_feed_is_still_one() -> None:
    assert etree.fromstring(atom([])).findtext("a:title", "", ATOM) == "Bindery: technical reports"


def test_each_report_has_a_card(rendered: Rendered) -> None:
    page = rendered.pages["reports/tr108.md"]
    data = asset(rendered, page.card)
    assert data.startswith(b"\x89PNG")
    assert struct.unpack(">II", data[16:24]) == (1200, 630)
    assert not has_number(page.card), "a path with digits would be a loose number"


@pytest.mark.parametrize("card", ["", "cards/abc.png"])
def test_sharing(card: str) -> None:
    page = shared(
        "<head></head>", site="https://example.org/", up="../", title='A "b" <c>', address="x.html", card=card
    )
    assert 'href="../feed.xml"' in page
    assert ("https://example.org/cards/abc.png" in page) == bool(card)
    assert "<c>" not in page
