"""Literals of handwritten pages: declared in plain Markdown, and scanned like those of generated ones."""

from __future__ import annotations

import markdown
import pytest

from harness.errors import UsageError
from hooks.postprocess.literal_tags import declare
from hooks.postprocess.number_scan import Declared, scan_html
from hooks.postprocess.unbound_numbers import Source

EXTENSIONS = ["attr_list", "md_in_html", "tables"]


def built(text: str) -> str:
    """A page as MkDocs makes it from ``text``."""
    source = Source("docs/guides/a.md", tuple(text.splitlines()))
    return declare(markdown.markdown(text, extensions=EXTENSIONS), source)


def test_a_tag_declares_its_number_wherever_it_stands() -> None:
    page = built(
        "<lit definition>95 %</lit> of **<lit threshold>100</lit> runs**\n\n"
        "| a | b |\n|---|---|\n| x | <lit setting>1 < 2</lit> |\n\n## Below <lit threshold>6</lit>\n"
    )
    scan = scan_html(page)
    assert scan.loose == ()
    assert scan.declared == (
        Declared("95 %", "definition"), Declared("100", "threshold"), Declared("1 < 2", "setting"),
        Declared("6", "threshold"),
    )  # fmt: skip
    assert "<lit" not in page


def test_a_unit_outside_the_tag_is_refused_with_its_line() -> None:
    with pytest.raises(UsageError, match=r"docs/guides/a\.md:3: '9,000' is declared a setting and measured in 'tok/s'"):
        built("# Title\n\nDecodes <lit setting>9,000</lit> **tok/s**.\n")


def test_a_number_beside_the_tag_is_still_loose() -> None:
    scan = scan_html(built("takes <lit setting>5</lit> of 7 ms"))
    assert [found.number for found in scan.loose] == ["7"]


def test_code_that_shows_the_tag_declares_nothing() -> None:
    assert scan_html(built("`<lit setting>5</lit>`\n\n    <lit setting>5</lit>\n")).declared == ()


@pytest.mark.parametrize("kind", ["measurement", "", "setting threshold"])
def test_an_unknown_kind_is_refused_with_its_line(kind: str) -> None:
    with pytest.raises(UsageError, match=rf"docs/guides/a\.md:3: a literal of the kind '{kind}'; choose one of"):
        built(f"# Title\n\nSee <lit {kind}>5</lit>\n")
