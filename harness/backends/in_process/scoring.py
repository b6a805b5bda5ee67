"""Accuracy of an engine on the shipped test text: perplexity, the likeliest next tokens, and how far logits stray."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ...protocols import Score
from ...texts import JUDGED_TOKENS, SCORED_TOKENS, test_text
from .engine import Engine, Logits

COMPARED_TOKENS = 64
"""After how many tokens of the test text the logits are compared."""


def score(engine: Engine, reference: Callable[[list[int]], Logits], scored: int = SCORED_TOKENS) -> Score:
    """The score of a loaded engine on the first ``scored`` tokens of the text, in windows of ``SCORED_TOKENS``.

    Each window is scored by itself. Untrained weights have no perplexity worth telling, and one window is enough.
    ``reference`` tells the logits of PyTorch in full precision after each of some tokens.
    """
    tokens = engine.encode(test_text())[: scored if engine.trained else SCORED_TOKENS]
    windows = [tokens[start : start + SCORED_TOKENS] for start in range(0, len(tokens) - 1, SCORED_TOKENS)]
    likelihoods: list[float] = []
    greedy: list[int] = []
    strayed = 0.0
    for window in windows:
        logits = engine.logits(window)
        likelihoods += log_likelihoods(logits, window)
        greedy += logits[:JUDGED_TOKENS].argmax(axis=1).tolist()
        if window is windows[0]:
            known = reference(window[:COMPARED_TOKENS])
            strayed = float(np.abs(logits[: len(known)] - known).max())
    return Score(
        perplexity=math.exp(-math.fsum(likelihoods) / len(likelihoods)) if engine.trained else None,
        tokens=len(likelihoods) if engine.trained else None,
        greedy=tuple(greedy),
        logit_difference=strayed,
    )


def log_likelihoods(logits: Logits, tokens: list[int]) -> list[float]:
    """The log likelihood of each token after the first.

    ``logits`` has shape ``(len(tokens), vocabulary)``; row *i* predicts token *i* + 1.
    """
    rows = logits[:-1].astype(np.float64)
    top = rows.max(axis=1)
    total = top + np.log(np.exp(rows - top[:, None]).sum(axis=1))
    chosen = rows[np.arange(len(rows)), tokens[1:]]
    found: list[float] = (chosen - total).tolist()
    return found
