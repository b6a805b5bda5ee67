"""A word that compares stands in a claim, or says why it needs none."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import UsageError
from hooks.build.prose_words import UntestedWord, demand_literals, demand_tested_words
from hooks.content.blocks import Content
from hooks.editions.prose import read_prose
from hooks.rendering.scope import Scope

FRONT = "---\ntitle: T\ndescription: D\n---\n"


def check(folder: Path, text: str) -> None:
    (folder / "tr900.md").write_text(text, encoding="utf-8")
    demand_tested_words(read_prose(folder / "tr900.md"), folder)


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        (FRONT + "\nRust dominates.", 6, "dominates"),
        (FRONT + "Two threads\nare twice as fast.", 6, "twice"),
        (FRONT + '{{ "Rust wins" }}', 5, "wins"),
        (FRONT + "{% set x = 'the best' %}{{ x }}", 5, "best"),
        (FRONT + 'It is so? No, {{ claim("c") }} it is faster.', 5, "faster"),
        ("---\ntitle: The Fastest Engine\n---\n", 2, "Fastest"),
        ("---\ntitle: T\nerrata:\n  - {edition: first, date: 2026-01-01, text: A slower one}\n---\n", 4, "slower"),
    ],
)  # fmt: skip
def test_a_word_that_nothing_tests_is_named_with_its_line(tmp_path: Path, text: str, line: int, word: str) -> None:
    with pytest.raises(UntestedWord, match=rf"^tr900\.md:{line}: “{word}” compares, and no claim tests it"):
        check(tmp_path, text)


def test_claims_questions_and_declared_words_pass(tmp_path: Path) -> None:
    said = '{{ claim("best-of-all") }} Which is faster? {{ word("larger", "of models never measured") }} `slower`'
    check(tmp_path, FRONT + said + "{% for id in claims if id.startswith('best-') %}{% endfor %} no longer")


def test_a_declared_word_gives_its_reason() -> None:
    scope = Scope(Content())
    assert str(scope.word("larger", "of models <b>never</b> measured")).count("<") == 2
    with pytest.raises(UsageError, match="gives no reason"):
        scope.word("larger", "because")


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ('{{ lit("9,000", "setting") }} tok/s', True), ('{{ lit("3", "definition") }}× faster', True),
        ('{{ lit("5", "setting") }} × {{ lit("10", "setting") }}', False), ('{{ lit("46", "published") }} there', True),
    ],
)  # fmt: skip
def test_a_unit_beside_a_literal_of_the_prose_measures_it(tmp_path: Path, text: str, refused: bool) -> None:
    (tmp_path / "tr900.md").write_text(FRONT + text, encoding="utf-8")
    prose = read_prose(tmp_path / "tr900.md")
    if refused:
        with pytest.raises(UsageError, match=r"^tr900\.md:5: .*is declared"):
            demand_literals(prose, tmp_path)
    else:
        demand_literals(prose, tmp_path)
