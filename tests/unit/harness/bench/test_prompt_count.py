"""How a server counts prompts is found out, and prompts then have the length that is asked for, whatever it counts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest

from harness.bench.lengths import Lengths
from harness.bench.prompt_count import ASKED, PromptCount, learn
from harness.bench.prompts import drawn_prompts

LONG = ("about", "their", "there", "would")

Counter = Callable[[Sequence[str]], int | None]

COUNTERS: dict[str, tuple[Counter, int]] = {
    "a token a word": (len, 0),
    "a template beside": (lambda words: 37 + len(words), 0),
    "some words cost more": (lambda words: 9 + len(words) + sum(word in LONG for word in words), 0),
    "many words cost more": (lambda words: 9 + len(words) + sum(len(word) > 3 for word in words), 0),
    "two tokens a word": (lambda words: 5 + 2 * len(words), 1),
    "a token a byte": (lambda words: 12 + len(" ".join(words)), 2),
    "a token for four bytes": (lambda words: len("12345678: " + " ".join(words)) // 4, 1),
}
"""What a server counts, and by how many tokens a prompt may then miss its length."""


def learned(counter: Counter) -> tuple[PromptCount, int]:
    asked: list[Sequence[str]] = []

    async def count(words: Sequence[str]) -> int | None:
        asked.append(words)
        return counter(words)

    return asyncio.run(learn(count, counter(ASKED))), len(asked)


@pytest.mark.parametrize("name", COUNTERS)
@pytest.mark.parametrize("lengths", [Lengths(64, 64), Lengths(100, 300), Lengths(1, 512, 256, 64)])
def test_a_prompt_has_the_length_that_is_asked_for(name: str, lengths: Lengths) -> None:
    counter, off = COUNTERS[name]
    counted, requests = learned(counter)
    assert counted.told
    assert requests <= 6
    for prompt in drawn_prompts(20, lengths, Lengths(8, 8), counted, seed=3):
        made = counter(prompt.text.split())
        assert made is not None
        assert lengths.low - off <= made <= lengths.high + off
        if lengths.fixed:
            assert abs(made - lengths.low) <= off


def test_a_prompt_that_cannot_be_so_short_has_one_word() -> None:
    counted, _ = learned(COUNTERS["a template beside"][0])
    assert counted.words(10) == 1


@pytest.mark.parametrize(
    "counter",
    [
        lambda _: None,
        lambda _: 9,
        lambda _: 0,
        lambda words: None if len(words) == 1 else len(words),
        lambda words: 100 - len(words),
    ],
)
def test_a_server_that_counts_nothing_gets_a_word_a_token(counter: Counter) -> None:
    counted, _ = learned(counter)
    assert (counted.words(32), counted.told, counted.constant) == (
        32,
        False,
        counter(ASKED[:1]) == counter(ASKED) is not None,
    )
    assert "one word is taken for one token" in counted.line()


@pytest.mark.parametrize(
    "counter",
    [
        lambda words: None if len(words) == 17 else 2 * len(words),
        lambda words: None if len(words) > 64 else 2 * len(words),
        lambda words: len(words) ** 2,
    ],
)
def test_a_count_that_makes_no_sense_still_gives_prompts(counter: Counter) -> None:
    counted, _ = learned(counter)
    assert counted.per_word > 0
    assert counted.words(256) >= 1
