"""Prose says of what is studied only what a definition or a method says.

``stated.txt`` has sentences that the rules were written with, ``held_out.txt`` has those written afterwards, and
``plain.txt`` honest ones. An indented line is one that the build is known to get wrong.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from hooks.build.prose_words import UntestedWord, demand_tested_words, results_in, told
from hooks.editions.prose import read_prose
from hooks.text.as_read import as_read
from tests.support.projects import ROOT

FRONT = "---\ntitle: T\ndescription: D\n---\n"


def sentences(name: str) -> list[str]:
    lines = (ROOT / "tests/fixtures/prose" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line.replace("\\n", "\n") for line in lines]


def is_refused(sentence: str) -> bool:
    text = as_read(sentence)
    return bool([*told(text), *results_in(text)])


def check(folder: Path, text: str) -> None:
    (folder / "tr900.md").write_text(FRONT + text, encoding="utf-8")
    demand_tested_words(read_prose(folder / "tr900.md"), folder)


@pytest.mark.parametrize("sentence", sentences("stated"))
def test_a_result_outside_a_claim_is_refused(sentence: str) -> None:
    assert is_refused(sentence)


def test_of_held_out_results_the_known_ones_are_missed() -> None:
    lines = sentences("held_out")
    missed = [line for line in lines if not is_refused(line.strip())]
    assert missed == [line for line in lines if line.startswith("  ")]


def test_of_honest_sentences_the_known_ones_are_refused() -> None:
    lines = sentences("plain")
    refused = [line for line in lines if is_refused(line.strip())]
    assert refused == [line for line in lines if line.startswith("  ")]
    assert len(refused) * 60 <= 3 * len(lines)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("Text.\n\nThe second\ncore is wasted.\n", 7, "The second core is wasted"),
        ("{% if facts.dual %}\nPadding backfires.\n{% endif %}", 6, "Padding backfires"),
        ("It is {{ v.x }} and threads backfire.", 5, "threads backfire"),
        ("- Skip the warm-up.", 5, "Skip the"),
        ("## A cache that backfires", 5, "A cache that backfires"),
        ("Who needs a cache?", 5, "Who needs a cache?"),
        ("Text.\n\nBoth agents read at one\nspeed.", 7, "at one speed"),
        ("When prompts differ, the order is the same in every session.", 5, "order is the same"),
        ("| Threads | same time |", 5, "| same time"),
        ('**Padding backfires.** Text {{ claim("c") }}', 5, "Padding backfires"),
    ],
)
def test_the_words_are_named_with_their_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(UntestedWord) as caught:
        check(tmp_path, text)
    assert str(caught.value).startswith(f"tr900.md:{line}: “{said}” claims more than text may; state it as a claim")


@pytest.mark.parametrize(
    "text",
    [
        '**Use both cores.** {{ claim("c") }}',
        "- Does padding pay, and which threads backfire?",
        'Padding {{ word("backfires", "the name of a rule") }} here.',
        "Whether threads help and the cache backfires is asked.",
        "Whether the order is the same in every session is asked.",
        "Where the line of a host lies above that of another, a step of it was read again.",
        "An arm that takes the same time as eager code is called equivalent; a dash means that the gap stays.",
        "Two streams send their requests at the same time.",
    ],
)
def test_what_leads_to_a_claim_asks_or_is_declared_passes(tmp_path: Path, text: str) -> None:
    check(tmp_path, text)


def test_a_field_of_the_front_matter_states_nothing(tmp_path: Path) -> None:
    (tmp_path / "tr900.md").write_text(
        "---\ntitle: T\ndescription: >-\n  The cache\n  backfires.\n---\n", encoding="utf-8"
    )
    with pytest.raises(UntestedWord, match=r"^tr900\.md:\d: “The cache backfires” claims more"):
        demand_tested_words(read_prose(tmp_path / "tr900.md"), tmp_path)
