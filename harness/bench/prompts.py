"""The prompts of a bench: read from a file, or words drawn until a length is reached."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..bounded_file import read_bounded
from ..design import Prompt
from ..errors import UsageError
from ..texts.words import words
from .lengths import MOST, Lengths
from .prompt_count import PromptCount

FIELDS = ("prompt", "text", "question", "input", "content")


def drawn_prompts(count: int, inputs: Lengths, outputs: Lengths, counted: PromptCount, seed: int) -> tuple[Prompt, ...]:
    """``count`` prompts of as many tokens as ``inputs`` says, each with the length of its answer.

    The server counts tokens in its own way: ``counted`` is what it told when it was tried, and what it counts of each
    prompt is recorded.
    """
    generator = random.Random(seed)  # noqa: S311 words, not a secret
    width = len(str(count))
    return tuple(
        Prompt(
            f"drawn-{number:0{width}d}",
            words(counted.words(inputs.draw(generator)), generator, counted.among),
            max_tokens=outputs.draw(generator),
        )
        for number in range(1, count + 1)
    )


def read_prompts(path: Path, count: int | None, outputs: Lengths, seed: int) -> tuple[Prompt, ...]:
    """The prompts in a file: a line each of text, or of JSON with ``prompt`` (or ``text``, ``question``, ``input``) or
    chat ``messages``, and ``max_tokens`` where that answer has a length of its own.

    The first ``count`` of them; all where it is ``None``. Raises ``UsageError`` with the line to correct.
    """
    generator = random.Random(seed)  # noqa: S311 lengths, not a secret
    found: list[Prompt] = []
    for number, line in _lines(path):
        if count is not None and len(found) == count:
            break
        text, asked = _prompt(path, number, line)
        found.append(Prompt(f"line-{number}", text, max_tokens=asked or outputs.draw(generator)))
    if not found:
        raise UsageError(f"{path} holds no prompts; write one per line")
    if count is not None and len(found) < count:
        raise UsageError(
            f"{path} holds {len(found)} prompts of the {count} that are asked for; add some, or ask for fewer"
        )
    return tuple(found)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = read_bounded(path).decode("utf-8-sig")
    except FileNotFoundError:
        raise UsageError(f"there is no file of prompts {path}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read as text: {error}") from None
    yield from ((number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip())


def _prompt(path: Path, number: int, line: str) -> tuple[str, int | None]:
    if not line.lstrip().startswith("{"):
        return line.strip(), None
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        raise UsageError(f"{path}, line {number}: it begins like JSON and is none; correct it") from None
    text, asked = _text(record), record.get("max_tokens")
    if not text:
        raise UsageError(f"{path}, line {number}: no text under {', '.join(FIELDS[:4])} or messages")
    if asked is not None and (not isinstance(asked, int) or isinstance(asked, bool) or not 1 <= asked <= MOST):
        raise UsageError(f"{path}, line {number}: max_tokens is no whole number from 1 to {MOST}")
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise UsageError(f"{path}, line {number}: half of a surrogate pair is no character; correct it")
    return text, asked


def _text(record: dict[str, Any]) -> str:
    """The prompt of a record; of chat messages, all that users and systems said, in order."""
    messages = record.get("messages")
    if isinstance(messages, list):
        said = [_text(one) for one in messages if isinstance(one, dict) and one.get("role") != "assistant"]
        return "\n\n".join(filter(None, said))
    content = record.get("content")
    if isinstance(content, list):
        return "\n".join(filter(None, (_text(part) for part in content if isinstance(part, dict))))
    return next((record[name] for name in FIELDS if isinstance(record.get(name), str) and record[name].strip()), "")
