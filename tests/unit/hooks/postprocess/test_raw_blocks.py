"""Finished HTML passes the Markdown parser by, and comes out as if it had not."""

from __future__ import annotations

import re
import textwrap

import markdown
import pytest

from harness.errors import UsageError
from hooks.postprocess.raw_blocks import RawBlocks

TABLE = '<div class="b-table" id="numbers" tabindex="0">\n<table>\n<tr id="n-a"><td>1</td></tr>\n</table>\n</div>'
FIGURE = f'<figure class="b-chart" id="figure-x">\n<div class="b-chart-view"><svg></svg></div>\n\n{TABLE}\n</figure>'


@pytest.mark.parametrize("block", [TABLE, FIGURE], ids=["table", "figure"])
def test_the_page_is_the_same_as_without(block: str) -> None:
    page = f"# Title\n\nBefore.\n\n{block}\n\nAfter *it*.\n"
    blocks = RawBlocks()
    taken = blocks.take(page)
    assert blocks.blocks == [block]
    assert "<table>" not in taken
    extensions = ["md_in_html", "attr_list"]
    shown = blocks.put_back(markdown.markdown(taken, extensions=extensions))
    assert shown == markdown.markdown(page, extensions=extensions)
    assert "<em>it</em>" in shown


@pytest.mark.parametrize("block", [TABLE, FIGURE], ids=["table", "figure"])
def test_a_block_may_stand_in_a_tab(block: str) -> None:
    indented = textwrap.indent(block, "    ")
    blocks = RawBlocks()
    taken = blocks.take(f'=== "One"\n\n{indented}\n\n=== "Two"\n\n    Words.\n')
    assert blocks.blocks == [indented]
    shown = blocks.put_back(markdown.markdown(taken, extensions=["md_in_html", "pymdownx.tabbed"]))
    assert re.search(r'<div class="tabbed-content">\s*<(div|figure) class="b-', shown)
    assert "<p><" not in shown


def test_an_indented_block_in_no_tab_is_refused() -> None:
    blocks = RawBlocks()
    taken = blocks.take(f"Text.\n\n{textwrap.indent(TABLE, '    ')}\n")
    with pytest.raises(UsageError, match="begin its line at the margin"):
        blocks.put_back(markdown.markdown(taken, extensions=["md_in_html"]))


def test_links_may_lead_into_a_block() -> None:
    blocks = RawBlocks()
    blocks.take(f"{FIGURE}\n")
    assert blocks.anchors == {"figure-x", "numbers", "n-a"}


def test_an_anchor_is_known_by_what_its_references_stand_for() -> None:
    blocks = RawBlocks()
    blocks.take('<div class="b-table">\n<p id="quantity-vram&#95;use"></p>\n</div>\n')
    assert blocks.anchors == {"quantity-vram_use"}


@pytest.mark.parametrize(
    "page",
    [
        f"Text\n{TABLE}\n",
        f"{TABLE}\nText\n",
        f"    {TABLE}\n",
        TABLE.removesuffix("</div>"),
        '<div class="admonition">\n</div>\n',
    ],
    ids=["in a paragraph", "text after it", "indented", "not closed", "another element"],
)
def test_what_is_no_block_of_its_own_stays(page: str) -> None:
    blocks = RawBlocks()
    assert blocks.take(page) == page
    assert blocks.blocks == []


def test_references_that_only_markdown_needs_become_characters_and_the_others_stay() -> None:
    blocks = RawBlocks()
    taken = blocks.take('<div class="b-table">\nq4&#95;k &#60;b&#62; &amp;#95; &#34;&#39;&#38;lt;\n</div>\n')
    assert "q4_k &#60;b&#62; &amp;#95; &#34;&#39;&#38;lt;" in blocks.put_back(taken)
