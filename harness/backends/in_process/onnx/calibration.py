"""What a static quantiser sees before it fixes the ranges of activations, and that no judge of accuracy sees it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ....outcomes import Code, failed
from ....protocols import EngineFailed
from ....texts import calibration_text, passages, test_text
from .exported_graph import Exported

WINDOW = 64
"""Tokens of one example."""


def disjoint_calibration_text() -> str:
    """The calibration text. Raises ``EngineFailed(TEXTS_OVERLAP)`` where it shares a sentence or a run of words, by its
    SHA-256, with the text that accuracy is measured on."""
    text = calibration_text()
    shared = passages(text) & passages(test_text())
    if shared:
        detail = (
            f"{len(shared)} passages of the calibration text are in the test text, the first with the SHA-256 "
            f"{min(shared)[:16]}; accuracy would be judged on what calibrated it. Replace them in harness/texts"
        )
        raise EngineFailed(failed(Code.TEXTS_OVERLAP, detail))
    return text


class Examples:
    """Windows of ``tokens`` as inputs of the graph, without a cache; the reader that ONNX Runtime's quantiser takes."""

    def __init__(self, made: Exported, tokens: list[int]) -> None:
        self._made = made
        windows = [tokens[start : start + WINDOW] for start in range(0, len(tokens) - WINDOW + 1, WINDOW)]
        self._left = iter(windows)

    def get_next(self) -> dict[str, npt.NDArray[np.generic]] | None:
        """The next inputs by name; ``None`` after the last."""
        window = next(self._left, None)
        if window is None:
            return None
        made = self._made
        past = np.zeros((made.rows, made.heads, 0, made.width), np.float32)
        return {
            "input_ids": np.array([window] * made.rows, np.int64),
            "keep": np.arange(len(window), dtype=np.int64),
            **{f"past.{i}": past for i in range(2 * made.layers)},
        }
