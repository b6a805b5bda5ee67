"""Prompts that are drawn to a length, and prompts that a person wrote."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from harness.bench.lengths import Lengths, read_lengths
from harness.bench.prompt_count import PromptCount
from harness.bench.prompts import drawn_prompts, read_prompts
from harness.errors import UsageError

TEN = Lengths(10, 10)


@pytest.mark.parametrize(
    ("text", "found"),
    [("256", Lengths(256, 256)), ("128-512", Lengths(128, 512)), ("256~64", Lengths(1, 512, 256, 64))],
)
def test_lengths_are_read(text: str, found: Lengths) -> None:
    assert read_lengths(text, "--input-tokens") == found


@pytest.mark.parametrize("text", ["", "0", "-3", "9-3", "a", "1.5", "1e3", "5-", "~5", "99999999"])
def test_what_is_no_length_names_its_option(text: str) -> None:
    with pytest.raises(UsageError, match="--input-tokens"):
        read_lengths(text, "--input-tokens")


def test_lengths_are_drawn_within_their_bounds() -> None:
    generator = random.Random(1)
    uniform = [Lengths(5, 9).draw(generator) for _ in range(500)]
    assert set(uniform) == {5, 6, 7, 8, 9}
    normal = [Lengths(1, 512, 256, 64).draw(generator) for _ in range(2000)]
    assert abs(sum(normal) / len(normal) - 256) < 10
    assert 50 < (sum((one - 256) ** 2 for one in normal) / len(normal)) ** 0.5 < 78


def test_drawn_prompts_are_as_long_as_the_server_counts_and_the_same_each_time() -> None:
    counted = PromptCount(beside=4.0, per_word=2.0, among=("one", "two", "six"), told=True)
    made = drawn_prompts(3, Lengths(40, 40), Lengths(8, 16), counted, seed=7)
    assert [len(prompt.text.split()) for prompt in made] == [18, 18, 18]
    assert {word for prompt in made for word in prompt.text.split()} == {"one", "two", "six"}
    assert all(8 <= (prompt.max_tokens or 0) <= 16 for prompt in made)
    assert made == drawn_prompts(3, Lengths(40, 40), Lengths(8, 16), counted, seed=7)
    assert len({prompt.text for prompt in made}) == 3


def test_a_file_may_mix_text_and_records(tmp_path: Path) -> None:
    lines = [
        "What is a tide?",
        "",
        json.dumps({"prompt": "Count.", "max_tokens": 3}),
        json.dumps(
            {
                "messages": [
                    {"role": "system", "content": "Be brief."},
                    {"role": "user", "content": [{"type": "text", "text": "Hi."}]},
                ]
            }
        ),
    ]
    path = tmp_path / "prompts.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    found = read_prompts(path, None, TEN, 1)
    assert [prompt.text for prompt in found] == ["What is a tide?", "Count.", "Be brief.\n\nHi."]
    assert [prompt.max_tokens for prompt in found] == [10, 3, 10]
    assert [prompt.id for prompt in read_prompts(path, 2, TEN, 1)] == ["line-1", "line-3"]
    with pytest.raises(UsageError, match="3 prompts of the 4"):
        read_prompts(path, 4, TEN, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"prompt": ', "line 1: it begins like JSON"),
        ('ok\n{"answer": "x"}', "line 2: no text"),
        ('{"prompt": "x", "max_tokens": 0}', "line 1: max_tokens"),
        ('{"prompt": "x", "max_tokens": true}', "line 1: max_tokens"),
        ("{" * 10, "line 1: it begins like JSON"),
        ("\n\n", "holds no prompts"),
        ('{"prompt": "x", "max_tokens": 99999999999}', "line 1: max_tokens"),
        ('{"prompt": "\\ud800"}', "line 1: half of a surrogate"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "prompts.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        read_prompts(path, None, TEN, 1)


def test_a_device_is_no_file_of_prompts() -> None:
    with pytest.raises(UsageError, match="it is larger than 64 MiB"):
        read_prompts(Path("/dev/zero"), 1, TEN, 1)


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no file"):
        read_prompts(tmp_path / "none.txt", None, TEN, 1)
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="cannot be read as text"):
        read_prompts(tmp_path / "bytes", None, TEN, 1)
