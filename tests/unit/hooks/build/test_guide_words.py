"""A guide and an entry of the series claim nothing that no data test; an entry may quote the earlier series."""

from __future__ import annotations

import pytest

from hooks.build.guide_words import demand_tested_entry, demand_tested_guide, without_declarations
from hooks.build.prose_words import UntestedWord
from hooks.cited import load_cited
from hooks.postprocess.unbound_numbers import Source
from hooks.series.registry import Series, load_series
from tests.support.projects import ROOT

DECLARED = 'The option <word because="what it does">doubles</word> the streams.'


def guide(text: str) -> Source:
    return Source("docs/guides/try.md", tuple(text.splitlines()))


@pytest.fixture(scope="module")
def series() -> Series:
    return load_series(load_cited(ROOT / "data" / "cited"), ROOT / "docs" / "series")


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("# Try it\n\nllama.cpp is faster than PyTorch.", 3, "faster"),
        ("```console\n$ x faster\n```\nIt dominates.", 4, "dominates"),
        ("It waits ten\nseconds.", 1, "ten seconds"),
        ("fas<!-- -->ter `code` **win**s", 1, "wins"),
        ('<word because="">doubles</word>', 1, "because"),
        ('<word because="short">is twice as fast as any other engine that there is</word>', 1, "because"),
    ],
)
def test_a_word_that_claims_is_named_with_its_line(text: str, line: int, word: str) -> None:
    with pytest.raises(UntestedWord, match=rf"^docs/guides/try\.md:{line}: “{word}” claims more than a guide may"):
        demand_tested_guide(guide(text))


@pytest.mark.parametrize(
    "text",
    [
        DECLARED,
        "Choose the smallest profile; `is_faster > 1` is a condition.",
        "```toml\nfaster = 1\n```\n    \nStart the server.",
        "Which engine is faster?",
    ],
)
def test_what_a_guide_may_say(text: str) -> None:
    demand_tested_guide(guide(text))


def test_a_reader_sees_no_declaration() -> None:
    assert without_declarations(DECLARED) == "The option doubles the streams."


@pytest.mark.parametrize("path", sorted((ROOT / "docs/guides").glob("*.md")), ids=lambda path: path.stem)
def test_our_guides_pass(path: object) -> None:
    demand_tested_guide(Source.read(ROOT / "docs/guides" / getattr(path, "name", ""), ROOT))


def test_our_series_passes_with_what_it_quotes(series: Series) -> None:
    for entry in series:
        demand_tested_entry(entry)
    quoted = " ".join(item for entry in series for section in entry.sections for item in section.items)
    assert "Slower models" in quoted


@pytest.mark.parametrize("field", ["question", "plan"])
def test_our_words_in_an_entry_claim_nothing(series: Series, field: str) -> None:
    entry = series.entry("tr117")
    said = entry.model_copy(update={field: "Rust wins." if field == "question" else ("Rust wins.",)})
    with pytest.raises(UntestedWord, match=rf"^docs/series/tr117\.yml, {field}: “wins”"):
        demand_tested_entry(said)
