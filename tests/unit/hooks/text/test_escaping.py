"""Hostile strings through each sink."""

from __future__ import annotations

import csv
import html
import io
import json
from html.parser import HTMLParser

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.outcomes import Missing
from harness.units import MS
from hooks.text.escaping import escape_csv, escape_html, escape_json, escape_markdown, escape_url, literal, visible
from hooks.values.html import value_html
from hooks.values.value import absent, constant

EXTENSIONS = ["attr_list", "tables", "md_in_html", "footnotes", "def_list", "pymdownx.superfences", "admonition", "toc"]
SPICE = st.sampled_from(
    [
        *(
            "<",
            ">",
            "&",
            '"',
            "'",
            "`",
            "*",
            "_",
            "#",
            "|",
            "^",
            "=",
            "\\",
            "\n",
            "- ",
            "1. ",
            "    ",
            "~~~",
            "$$",
            ":::",
        ),
        *("[x](javascript:1)", "![", "](", "[^1]", "{{7*7}}", "{%", "{: onclick=x }", "<script>", "</data>", "&lt;"),
        *("http://x.y", "\u202e", "\u200b"),
    ]
)
hostile = st.lists(SPICE | st.text(max_size=4), max_size=12).map("".join)


class Reader(HTMLParser):
    """Collects the tags and the text of a fragment."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@given(hostile)
def test_html_shows_the_string_and_nothing_else(text: str) -> None:
    read = Reader(f"<p>{escape_html(text)}</p>")
    assert read.tags == ["p"]
    assert read.text == visible(text)


@given(hostile)
def test_markdown_shows_the_string_and_nothing_else(text: str) -> None:
    body = markdown.markdown(f"Before {escape_markdown(text)} after.", extensions=EXTENSIONS)
    read = Reader(body)
    assert read.tags == ["p"]
    assert " ".join(read.text.split()) == " ".join(f"Before {visible(text)} after.".split())


@given(hostile)
def test_markdown_at_the_start_of_a_block(text: str) -> None:
    body = markdown.markdown(escape_markdown(f"{text}x"), extensions=EXTENSIONS)
    assert Reader(body).tags == ["p"]


@given(
    st.recursive(hostile | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(hostile, inner))
)
def test_json_survives_script_and_attribute(data: object) -> None:
    text = escape_json(data)
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == data


@given(hostile)
def test_csv_cells_are_no_formulas(text: str) -> None:
    cell = escape_csv(text)
    stream = io.StringIO()
    csv.writer(stream).writerow([cell])
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell.removeprefix("'") == text.removeprefix("'")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "java\tscript:alert(1)",
        "http://[x",
    ],
)
def test_urls_that_run_something_are_dropped(address: str) -> None:
    assert escape_url(address) == "#"


@given(hostile)
def test_urls_stay_inside_their_attribute(text: str) -> None:
    address = html.unescape(escape_url(f"https://example.org/{text}"))
    assert not set('"<> \n') & set(address)


def test_direction_marks_are_made_visible() -> None:
    assert visible("abc\u202egpj.exe") == "abc⟨U+202E⟩gpj.exe"


def test_a_value_is_a_data_element_that_links_to_its_row() -> None:
    value = constant(12.345678, MS, "x")
    text = value_html(value)
    assert f'href="#n-{value.row}"' in text
    assert '<data value="12.345678"' in text
    assert ">12.3\u00a0ms</data>" in text


def test_a_missing_value_says_why() -> None:
    text = value_html(absent(Missing.NO_SENSOR, MS))
    assert 'title="no sensor"' in text
    assert "value=" not in text
    assert ">—</data>" in text


def test_a_literal_declares_its_kind() -> None:
    assert literal(512, "setting") == '<span data-lit="setting">512</span>'
    with pytest.raises(ValueError, match="guess"):
        literal(512, "guess")
