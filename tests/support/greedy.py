"""The likeliest token after each other, with a key-value cache."""

from __future__ import annotations

from harness.backends.in_process.engine import Engine


def greedy(engine: Engine, prompt: str, n: int = 16) -> tuple[int, ...]:
    decoding = engine.prefill(engine.encode(prompt))
    found = [int(decoding.logits.argmax())]
    while len(found) < n:
        decoding.step(found[-1])
        found.append(int(decoding.logits.argmax()))
    return tuple(found)
