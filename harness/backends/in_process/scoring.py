"""Accuracy of an engine on the shipped test text: perplexity, and the likeliest token after each of its tokens."""

from __future__ import annotations

import numpy as np

from ...protocols import Score
from ...texts import JUDGED_TOKENS, SCORED_TOKENS, test_text
from .engine import Engine, Logits


def score(engine: Engine) -> Score:
    """The score of a loaded engine. Untrained weights have no perplexity worth telling."""
    tokens = engine.encode(test_text())[:SCORED_TOKENS]
    logits = engine.logits(tokens)
    told = perplexity(logits, tokens) if engine.trained else None
    return Score(
        perplexity=told,
        tokens=None if told is None else len(tokens) - 1,
        greedy=tuple(int(token) for token in logits[:JUDGED_TOKENS].argmax(axis=1)),
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
