"""Every tampering that a generator of kinds makes is found, and shown with its page, its element and both texts."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path

import pytest

from hooks.build.verdict import problems
from hooks.caching.store import Store
from hooks.outputs.file_list import seal_site
from hooks.verify.comparison.folders import PICTURES, compare, differences
from tests.support.hidden_tamperings import HIDDEN
from tests.support.tamperings import KINDS, Tampering, tamperings


@pytest.fixture(scope="module")
def site(built_site: Path) -> Path:
    return built_site


@pytest.fixture
def copy(site: Path, tmp_path: Path) -> Path:
    shutil.copytree(site, tmp_path / "copy")
    return tmp_path / "copy"


def told(site: Path, copy: Path) -> list[str]:
    return [f"{one.place}: {one.problem}" for one in compare(copy, site) if one.problem is not None]


def shortfall(site: Path, tampering: Tampering) -> str | None:
    """What is lacking in what is told of a tampering."""
    said = differences(tampering.name, tampering.content, (site / tampering.name).read_bytes())
    if not said:
        return "it is not found"
    if Path(tampering.name).suffix in PICTURES:
        return None if "byte " in said[0] else "no place is told"
    if any(one.startswith("line ") == tampering.name.endswith(".html") for one in said):
        return "no element or line is told"
    pair = any("” instead of “" in one for one in said)
    alone = any(one.endswith((" is added", " is missing")) for one in said)
    return None if pair or alone else "the texts are not told"


def test_every_tampering_is_found_and_shown(site: Path) -> None:
    made = [*tamperings(site, KINDS, 6), *tamperings(site, HIDDEN, 3)]
    wanting = [f"{one}: {lack}" for one in made if (lack := shortfall(site, one))]
    assert not wanting, "\n".join(wanting)
    assert len({(one.name, one.content) for one in made}) >= 400
    found = Counter(one.kind for one in made)
    assert min(found[kind.name] for kind in KINDS) >= 3
    assert min(found[kind.name] for kind in HIDDEN) >= 1


def test_what_is_told_names_page_element_and_both_texts(site: Path, copy: Path) -> None:
    page = copy / "reports" / "tr108.html"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace(">evidence<", ">certainty<", 1).replace("<p>", '<p class="new">', 1), encoding="utf-8")
    (one, other) = sorted(told(site, copy))
    assert one.startswith("reports/tr108.html: #")
    assert "th" in other
    assert "“certainty” instead of “evidence”" in one + other
    assert "its class: “new” is added" in one + other


def test_files_that_are_gone_added_or_links_are_found(site: Path, copy: Path) -> None:
    assert told(site, copy) == []
    (copy / "feed.xml").unlink()
    (copy / "extra").mkdir()
    (copy / "extra" / "evil.js").write_text("alert(1)", encoding="utf-8")
    (copy / "linked").symlink_to(site)
    (copy / "index.html").unlink()
    (copy / "index.html").symlink_to(site / "index.html")
    (copy / "summary.json").unlink()
    os.mkfifo(copy / "summary.json")
    assert told(site, copy) == [
        "extra/evil.js: the rebuild has no such file",
        "feed.xml: it is absent, the rebuild has it",
        "index.html: it is no plain file, the rebuild has one",
        "linked: the rebuild has no such file",
        "summary.json: it is no plain file, the rebuild has one",
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00\x01",
        b"<" * 5000,
        b"<div>" * 20_000,
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><p>&b;</p>',
        b"<p>\x1b[31m\x00\r\n</p>" * 100,
        b"<td>x</td>" * 20_000,
    ],
    ids=["empty", "bytes", "brackets", "deep", "entity", "control", "wide"],
)
@pytest.mark.parametrize("name", ["index.html", "feed.xml", "summary.json", "sitemap.xml.gz"])
def test_a_hostile_file_is_one_short_list_of_lines(site: Path, name: str, content: bytes) -> None:
    said = differences(name, content, (site / name).read_bytes())
    assert 1 <= len(said) <= 25
    assert all(len(one) < 1000 for one in said)
    assert "root:" not in "".join(said)


def test_a_build_is_judged_once_and_a_false_one_is_told(site: Path, copy: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    assert problems(site, store) == []
    kept = list((tmp_path / "store" / "verdict").iterdir())
    assert problems(site, store) == []
    assert list((tmp_path / "store" / "verdict").iterdir()) == kept
    assert len(kept) == 1
    rows, page = copy / "reports" / "tr108" / "numbers.html", copy / "reports" / "tr108.html"
    rows.write_text(rows.read_text(encoding="utf-8").replace(">measured<", ">derived<", 1), encoding="utf-8")
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace('data-state="supported"', 'data-state="contradicted"', 1), encoding="utf-8")
    seal_site(copy)
    said = problems(copy, store)
    assert any(one.startswith("claims: reports/tr108.html: ") for one in said)
    assert any(one.startswith("number rows: reports/tr108/numbers.html: ") for one in said)
