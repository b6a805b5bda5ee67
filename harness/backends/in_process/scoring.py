"""Accuracy of an engine: perplexity of the shipped test text, and the greedy continuations of the shipped prompts."""

from __future__ import annotations

import numpy as np

from ...protocols import Score
from ...texts import GREEDY_TOKENS, SCORED_TOKENS, greedy_prompts, test_text
from .engine import Engine, Logits


def score(engine: Engine) -> Score:
    """The score of a loaded engine. Untrained weights have no perplexity worth telling."""
    tokens = engine.encode(test_text())[:SCORED_TOKENS]
    told = perplexity(engine.logits(tokens), tokens) if engine.trained else None
    return Score(
        perplexity=told,
        tokens=None if told is None else len(tokens) - 1,
        greedy=tuple(greedy(engine, prompt) for prompt in greedy_prompts()),
    )


def perplexity(logits: Logits, tokens: list[int]) -> float:
    """exp of the mean negative log likelihood of each token after the first.

    ``logits`` has shape ``(len(tokens), vocabulary)``; row *i* predicts token *i* + 1.
    """
    rows = logits[:-1].astype(np.float64)
    top = rows.max(axis=1)
    total = top + np.log(np.exp(rows - top[:, None]).sum(axis=1))
    chosen = rows[np.arange(len(rows)), tokens[1:]]
    return float(np.exp((total - chosen).mean()))


def greedy(engine: Engine, prompt: str) -> tuple[int, ...]:
    """The likeliest token after each other, with a key-value cache."""
    decoding = engine.prefill(engine.encode(prompt))
    found = [int(decoding.logits.argmax())]
    while len(found) < GREEDY_TOKENS:
        decoding.step(found[-1])
        found.append(int(decoding.logits.argmax()))
    return tuple(found)
