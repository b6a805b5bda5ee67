"""Which token comes next: the likeliest at temperature 0, otherwise one drawn with the request's seed."""

from __future__ import annotations

import numpy as np

from .engine import Logits


class Sampler:
    """Draws token after token. The same seed and the same logits give the same tokens on every engine."""

    def __init__(self, temperature: float, seed: int) -> None:
        self._temperature = temperature
        self._random = np.random.default_rng(seed)

    def next(self, logits: Logits) -> int:
        """A token id; ``logits`` has shape ``(vocabulary,)``."""
        if self._temperature <= 0:
            return int(logits.argmax())
        scaled = (logits - logits.max()).astype(np.float64) / self._temperature
        weights = np.exp(scaled)
        return int(np.searchsorted(np.cumsum(weights), self._random.random() * weights.sum(), side="right"))
