"""Whatever surrounds it, a typed number is found, and nothing else is."""

import html
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from hooks.postprocess.number_scan import scan_html
from hooks.text.numbers import has_number

WORDS = st.text(
    st.characters(exclude_categories=["Nd", "Nl", "No", "Cs", "Cc"]), min_size=1, max_size=12
).map(lambda text: f"w {text} w")  # fmt: skip
DIGITS = st.text(st.characters(categories=["Nd", "Nl", "No"]), min_size=1, max_size=4)
BOUND = DIGITS.map(lambda text: ("bound", f'<data value="1.0" data-v="x">{html.escape(text)} ms</data>'))
DECLARED = DIGITS.map(lambda text: ("declared", f'<span data-lit="setting">{html.escape(text)}</span>'))
CODE = DIGITS.map(lambda text: ("code", f"<pre><code>{html.escape(text)}</code></pre>"))
PLAIN = WORDS.map(lambda text: ("plain", html.escape(text)))
LOOSE = DIGITS.map(lambda text: ("loose", f" {html.escape(text)} "))
WRAPPERS = st.sampled_from(["p", "em", "td", "h2", "figcaption", "li", "blockquote"])
PARTS = st.lists(st.tuples(WRAPPERS, st.one_of(BOUND, DECLARED, CODE, PLAIN, LOOSE)), min_size=1, max_size=12)


@settings(max_examples=300, deadline=None)
@given(PARTS)
def test_exactly_the_loose_numbers_are_found(parts: list[tuple[str, tuple[str, str]]]) -> None:
    page = "".join(f"<div><{tag}>{content}</{tag}></div>" for tag, (_, content) in parts)
    scan = scan_html(f"<div>{page}</div>")
    kinds = [kind for _, (kind, _) in parts]
    assert len(scan.loose) == kinds.count("loose")
    assert scan.bound == kinds.count("bound")
    assert len(scan.declared) == kinds.count("declared")


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=30))
def test_a_number_is_a_character_of_a_number_category_or_of_a_value(text: str) -> None:
    assert has_number(text) == any(
        unicodedata.category(character).startswith("N") or unicodedata.numeric(character, None) is not None
        for character in text
    )
