"""An id that a page has twice is found."""

from __future__ import annotations

from pathlib import Path

from hooks.verify.looks.unique_ids import check
from hooks.verify.reader.site import Site


def problems(folder: Path, body: str) -> list[str | None]:
    (folder / "page.html").write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    return [one.problem for one in check(Site(folder))]


def test_ids_of_their_own_are_right(tmp_path: Path) -> None:
    assert problems(tmp_path, '<h2 id="a">A</h2><div id="b">B</div><p id="Å">C</p>') == [None]


def test_an_id_twice_is_found(tmp_path: Path) -> None:
    body = '<h2 id="claims">A</h2><div id="b"></div><div id="claims">B</div><svg><g id="claims"></g></svg>'
    assert problems(tmp_path, body) == ["its id claims stands 3 times"]
