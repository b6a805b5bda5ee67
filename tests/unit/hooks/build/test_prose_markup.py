"""Prose is Markdown: what only generated code may write is refused with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import UsageError
from hooks.build.prose_markup import demand_markdown, demand_markup
from hooks.editions.prose import read_prose

FRONT = "---\ntitle: T\n---\n"

MARKUP = (
    "<script>x</script>", "<ScRiPt src=x>", "<iframe srcdoc=x>", "<style>p{}</style>", "<p onclick=x>", "<img src=x>",
    '<p style="color:red">', "<svg><path/></svg>", "<math>", '<ol start="9000"><li>tok/s</li></ol>',
    '<input value="9000">', '<span class="bc" data-claim="c">holds</span>', '<data value="1">1</data>',
    '<a class="headerlink" href="#">9000</a>', '<a class="footnote-ref">9000</a>', "<del>30 ms</del>", "<!-- x -->",
    "<?php", "</details>", "<!DOCTYPE html>", "x{: onclick=x }", "## T {: .bc data-claim=c }", "{ .headerlink }",
    '{ onclick="x" }',
)  # fmt: skip


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_refused_in_handwritten_pages_and_in_reports(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match=r"^guide\.md:3: .* is (raw HTML|an attribute list); write Markdown"):
        demand_markdown(f"# T\n\n{text}\n", "guide.md")
    path = tmp_path / "tr900.md"
    path.write_text(f"{FRONT}# T\n\n{text}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"^tr900\.md:6: "):
        demand_markup(read_prose(path), tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        '{{ "<b>x</b>" | safe }}', "{% autoescape false %}{% endautoescape %}", "{% include 'x' %}",
        "{{ x.__class__ }}",
        "{% from 'x' import y %}", "{{ self._context }}", "{{ scope.claims }}", "{% macro m() %}{% endmacro %}",
        '{{ x | attr("y") }}',
    ],
)  # fmt: skip
def test_what_leaves_a_string_unescaped_or_reaches_into_python_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tr900.md"
    path.write_text(f"{FRONT}{text}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"^tr900\.md:4: .* has no place in prose"):
        demand_markup(read_prose(path), tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        '{{ "fas" ~ "ter" }}', '{{ "fas" "ter" }}', '{{ "faster" }}', '{{ ["fas", "ter"] | join }}',
        '{{ lit("fas" + "ter", "identifier") }}', '{{ lit("x".replace("x", "y"), "identifier") }}',
        '{{ lit("retsaf" | reverse, "identifier") }}', "{% set x = 'fas' %}", "{% with x = 'fas' %}{% endwith %}",
        "{% filter upper %}x{% endfilter %}", '{{ "%s" % "faster" }}', '{{ lit("fas" "ter", "identifier") }}',
        "{{ facts.x.replace('a', 'b') }}",
    ],
)  # fmt: skip
def test_no_expression_makes_text_of_strings(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tr900.md"
    path.write_text(f"{FRONT}{text}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"^tr900\.md:4: .*(makes text of strings|has no place in prose)"):
        demand_markup(read_prose(path), tmp_path)


IN_CODE = (
    "```\nRust decodes 42 tok/s\n```", "~~~text\nlatency: 21\n~~~", "`Rust: 42 tok/s`", "`it is 2x`",
    "x\n\n    Rust decodes 42 tok/s",
)  # fmt: skip


@pytest.mark.parametrize("text", IN_CODE)
def test_a_number_in_code_is_refused_in_reports(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tr900.md"
    path.write_text(f"{FRONT}{text}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"^tr900\.md:\d: .* is a number in code, which nothing tests"):
        demand_markup(read_prose(path), tmp_path)


@pytest.mark.parametrize("text", ["fas {%- if x -%} ter{% endif %}", "fas {{- v.x }}", "x {#- y -#} z"])
def test_tags_that_join_words_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tr900.md"
    path.write_text(f"{FRONT}{text}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"^tr900\.md:4: .* joins words"):
        demand_markup(read_prose(path), tmp_path)


BESIDE = (
    "−{{ v.x }}", "- {{ v.y }} and −{{ v.x }}", "~{{ v.x }}", "{{ v.x }} million", "{{ v.x }}k", "{{ v.x }} k",
    "never more than {{ v.x }}", "at least {{ v.x | interval }}", "{{ v.x }} or less", "{{ v.x }}%", "{{ v.x }}-fold",
    "up to\n{{ v.x }}", "twice {{ v.x }}", "${{ v.x }}", "{{ v.x }} × as much", "> 3 <{{ v.x }}", "1{{ v.x }}0",
)  # fmt: skip


@pytest.mark.parametrize("text", BESIDE)
def test_a_sign_a_scale_or_a_bound_beside_a_value_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tr900.md"
    path.write_text(f"{FRONT}{text}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"^tr900\.md:\d: .* stands beside a value and changes what it says"):
        demand_markup(read_prose(path), tmp_path)


def test_honest_prose_passes(tmp_path: Path) -> None:
    path = tmp_path / "tr900.md"
    said = (
        "{% if facts.compared %}\nIt takes {{ v.x | interval }}, with {{ v.y }} passes.\n\n- {{ v.z }} in all.\n"
        "{% endif %}"
        '{{ chart("a", "b" if has("b") else "c") | indent(4) }} {{ v["x"] | interval }} {{ switch("h", ("a", "b")) }}'
        '{{ claim(id, anchor=id not in ("a", "b")) }} {{ lit(facts.x, "setting") }}'
        '\n`<b>` and <https://example.org>; {{ lit("5", "threshold") }} %\n\n```html\n<script>x</script>\n```\n'
    )
    path.write_text(FRONT + said, encoding="utf-8")
    demand_markup(read_prose(path), tmp_path)
    demand_markdown("Above <lit threshold>95 %</lit>.\n\n```\n<b>{: .x }\n```\n", "guide.md")
