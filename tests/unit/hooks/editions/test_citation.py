"""How an edition is cited, and what its page says of changes and errata."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hooks.build.builder import Builder
from hooks.editions.citation import bibtex
from hooks.editions.prose import read_prose
from hooks.project import Project
from tests.support.projects import published_edition
from tests.unit.hooks.build.test_builder import REPORT, edit

FIELD = re.compile(r"^  (\w+) += \{(.*)\},$")
REQUIRED = {"author", "title", "institution", "year", "url"}
"""What BibTeX demands of a technical report."""


@pytest.mark.parametrize("title", ["Single-Inference Performance", "100 % of {a} & b_c\\d ~ $x$ #1 ^"])
def test_a_citation_has_what_bibtex_demands_and_no_stray_command(project: Project, title: str) -> None:
    prose = read_prose(project.docs / REPORT)
    found = published_edition(project)
    titled = prose.model_copy(update={"front": prose.front.model_copy(update={"title": title})})
    first, *lines, last = bibtex(titled, [found])
    fields = dict(FIELD.fullmatch(line).groups() for line in lines)  # type: ignore[union-attr]
    assert (first, last) == ("@techreport{bindery-tr108-v1,", "}")
    assert fields.keys() >= REQUIRED
    assert found.digest in fields["note"]
    assert not fields["type"].endswith(",")
    written = re.sub(r"\\text\w+\{\}|\\[&%$#_{}]", "", fields["title"])
    assert not set(written) & set("\\&%$#_{}~^")


def changed(path: Path, text: str) -> None:
    edit(path, "errata:\n", f'errata:\n  - {{edition: first, date: 2026-11-24, text: "{text}"}}\n')


def test_an_erratum_stands_on_the_page_with_its_numbers_declared(project: Project) -> None:
    changed(project.docs / REPORT, "The wait was given as {21 ms|definition}; it was a typing error.")
    markdown = Builder(project).render().pages[REPORT].markdown
    errata = markdown.split("### Errata")[1]
    assert "None is known" not in errata
    assert '<span data-lit="definition">21 ms</span>; it was a typing error' in errata


def test_the_feed_tells_errata_of_a_day_together_and_without_markup(project: Project) -> None:
    changed(project.docs / REPORT, "The wait was given as {21 ms|definition}; it was a typing error.")
    feed = Builder(project).render().assets["feed.xml"]
    feed = feed.read_text(encoding="utf-8") if isinstance(feed, Path) else feed.decode()
    (entry,) = (part for part in feed.split("<entry>") if "tr108/2026-11-24<" in part)
    assert "<summary>The wait was given as 21 ms; it was a typing error.</summary>" in entry


def test_a_number_typed_into_an_erratum_stops_the_page(project: Project) -> None:
    changed(project.docs / REPORT, "The wait was 21 ms.")
    (broken,) = Builder(project).render().broken
    line = (project.docs / REPORT).read_text(encoding="utf-8").splitlines().index("errata:") + 2
    assert f"docs/reports/tr108.md:{line}: " in str(broken.error)
    assert "no value stands behind 21 in front matter; declare it: {21|definition}" in str(broken.error)
