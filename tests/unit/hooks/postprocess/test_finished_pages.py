"""A finished page is kept with what it counts, unless a number on it is loose."""

from __future__ import annotations

from pathlib import Path

import pytest

from hooks.caching.store import Store
from hooks.postprocess.finished_pages import FinishedPages
from hooks.postprocess.number_check import Binder

BOUND = '<article><data value="1">1</data> <span class="bl" data-lit="setting">4</span></article>'
LOOSE = "<article><p>12 ms</p></article>"


@pytest.mark.parametrize(("built", "times"), [(BOUND, 1), (LOOSE, 2)])
def test_a_page_is_kept_with_its_numbers_unless_one_is_loose(tmp_path: Path, built: str, times: int) -> None:
    found, made = [], []
    for _ in range(2):
        binder, pages = Binder(()), FinishedPages(Store(tmp_path))

        def finish(binder: Binder = binder) -> str:
            made.append(built)
            return binder.page("a.html", built, list)

        found.append((pages.page(binder, "a.html", built, finish), binder.totals(), binder.scan("a.html")))
    assert found[0] == found[1]
    assert len(made) == times


def test_what_a_page_depends_on_makes_it_anew(tmp_path: Path) -> None:
    made: list[str] = []

    def page(name: str, about: object, *of_all: object) -> None:
        binder = Binder(())
        finish = lambda: made.append(name) or binder.page(name, BOUND, list)  # type: ignore[func-returns-value]  # noqa: E731
        FinishedPages(Store(tmp_path), *of_all).page(binder, name, about, finish)

    for _ in range(2):
        page("a.html", "one")
        page("b.html", "one")
        page("a.html", "two")
        page("a.html", "one", "https://elsewhere.example/")
    assert len(made) == 4
