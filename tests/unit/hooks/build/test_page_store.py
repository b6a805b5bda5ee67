"""A page is filled again exactly where something that it shows has changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from harness.units import MS
from hooks.build.page_store import PageStore, stated
from hooks.caching.store import Store
from hooks.project import Project
from hooks.rendering.page import Page
from hooks.values.evidence import Interval, Strength
from hooks.values.value import Value

ROOT = Path(__file__).resolve().parents[4]
VALUE = Value(1.5, MS, Strength.MEASURED, Interval(1.0, 2.0, 0.95, "order statistics"), 7, definition="wait")


@dataclass(frozen=True)
class Shown:
    value: Value
    words: tuple[str, ...]


SHOWN = Shown(VALUE, ("a", "b"))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    for name in ("docs/reports", "templates", "data/cited"):
        (tmp_path / name).mkdir(parents=True)
    shutil.copy(ROOT / "templates/report.md.j2", tmp_path / "templates")
    return Project.at(tmp_path)


def filled(project: Project, about: object) -> list[str]:
    """The misses of a page about ``about`` in a build of its own."""
    store = Store(project.cache)
    pages = PageStore(store, project).pages(about, lambda: [Page("a.md", "A", str(about), assets={"a.css": b"x"})])
    assert pages == (Page("a.md", "A", str(about), assets={"a.css": b"x"}),)
    return store.misses


def test_a_page_is_kept(project: Project) -> None:
    assert filled(project, SHOWN) == ["page"]
    assert filled(project, SHOWN) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda shown: replace(shown, value=replace(VALUE, number=1.6)),
        lambda shown: replace(shown, value=replace(VALUE, interval=Interval(1.0, 2.1, 0.95, "order statistics"))),
        lambda shown: replace(shown, value=replace(VALUE, n=8)),
        lambda shown: replace(shown, words=("b", "a")),
        lambda shown: {"shown": shown},
    ],
    ids=["number", "interval", "runs", "order", "another thing"],
)
def test_what_it_shows_changed(project: Project, change: Callable[[Shown], object]) -> None:
    filled(project, SHOWN)
    assert filled(project, change(SHOWN)) == ["page"]


@pytest.mark.parametrize("file", ["templates/report.md.j2", "data/cited/tr999.yml"])
def test_a_template_or_a_declaration_changed(project: Project, file: str) -> None:
    filled(project, SHOWN)
    (project.root / file).write_text("another\n")
    assert filled(project, SHOWN) == ["page"]


def test_what_cannot_be_told_apart_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        stated({"a": [object()]})
