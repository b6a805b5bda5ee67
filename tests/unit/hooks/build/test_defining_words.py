"""Methodology and the glossary define; they tell no result of an engine, a model, a report or this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from hooks.build.defining_words import demand_defining_page, demand_defining_terms
from hooks.build.prose_words import UntestedWord
from hooks.postprocess.unbound_numbers import Source
from tests.support.projects import ROOT


def page(text: str) -> Source:
    return Source("docs/methodology/try.md", tuple(text.splitlines()))


@pytest.mark.parametrize(
    ("text", "line", "said", "name"),
    [
        ("# T\n\nText. Six blocks are the fewest.\nRust is\nfaster.", 5, "faster", "Rust"),
        ("The cache of PyTorch backfires.", 1, "The cache of PyTorch backfires", "PyTorch"),
        ("- A block.\n- TR108 wins.", 2, "wins", "TR108"),
        ("On this machine threads backfire.", 1, "On this machine threads backfire", "this machine"),
        ("Of TR108's variance <lit definition>53 %</lit> is left.", 1, "53 %", "TR108"),
        ("| Engine | |\n|---|---|\n| Gemma | pointless |", 3, "pointless", "Gemma"),
    ],
)
def test_a_result_of_something_named_is_refused(text: str, line: int, said: str, name: str) -> None:
    with pytest.raises(UntestedWord) as caught:
        demand_defining_page(page(text))
    assert str(caught.value).startswith(f"docs/methodology/try.md:{line}: “{said}” tells a result of {name}; define")


@pytest.mark.parametrize(
    "text",
    [
        "Lower is better, and six blocks are the fewest that have an interval.",
        "llama.cpp serves HTTP, and its log is read after a run.",
        "`Rust is faster` is code. An interval of <lit definition>95 %</lit> is wider.",
    ],
)
def test_a_definition_may_compare_where_it_names_nothing(text: str) -> None:
    demand_defining_page(page(text))


@pytest.mark.parametrize("path", sorted((ROOT / "docs/methodology").glob("*.md")), ids=lambda path: path.stem)
def test_our_methodology_passes(path: Path) -> None:
    demand_defining_page(Source.read(path, ROOT))


def test_our_glossary_passes() -> None:
    demand_defining_terms(ROOT / "docs")


def test_a_term_is_named_with_its_line(tmp_path: Path) -> None:
    terms = "terms:\n  - {id: a, name: a, also: [], text: Lower is better.}\n"
    terms += "  - id: b\n    name: b\n    also: []\n    text: Rust is faster.\n"
    (tmp_path / "glossary.yml").write_text(terms, encoding="utf-8")
    with pytest.raises(UntestedWord, match=r"^docs/glossary\.yml:3: “faster” tells a result of Rust; define"):
        demand_defining_terms(tmp_path)


def test_a_project_without_a_glossary_has_no_terms(tmp_path: Path) -> None:
    demand_defining_terms(tmp_path)
