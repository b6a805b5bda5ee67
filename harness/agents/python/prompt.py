"""How a prompt, a request and an answer are made; the agent in Rust does the same, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import NoReturn


def filled(template: str, summary: str, answer: str) -> str:
    """The prompt; the answer goes in last, so that nothing is put into what a model wrote."""
    return template.replace("{summary}", summary).replace("{answer}", answer)


def with_prompt(body: str, prompt: str) -> bytes:
    """The JSON of a request: ``body``, an object, and the prompt as its last field."""
    return f'{body[:-1]},"prompt":{json.dumps(prompt, ensure_ascii=False)}}}'.encode()


def answer_of(body: bytes, content: str, done: str) -> str | None:
    """The text of a stream, SSE or NDJSON; ``None`` where its last record did not come.

    This is what the agent goes on with. What is measured is decoded anew, and strictly, by the harness.
    """
    texts = []
    for record in records(body):
        text = record.get(content)
        texts.append(text if isinstance(text, str) else "")
        if record.get(done) is True:
            return "".join(texts)
    return None


def records(body: bytes) -> Iterator[dict[str, object]]:
    """The JSON objects of a stream, one a line; lines that hold none are passed over."""
    for line in body.split(b"\n"):
        with suppress(ValueError, RecursionError):
            record = json.loads(line.removeprefix(b"data:").decode(), parse_constant=_no_number)
            if isinstance(record, dict):
                yield record


def _no_number(name: str) -> NoReturn:
    """JSON has no NaN, although Python reads it."""
    raise ValueError(f"{name} is no number")
