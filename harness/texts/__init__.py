"""Texts that ship with the project, for accuracy gates and for calibrating quantisers; ``LICENCE.md`` is beside them.

The two splits share no sentence, so that what calibrated a quantiser never judges it.
"""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files

SCORED_TOKENS = 256
"""How many tokens of the test text are scored in one pass, the first of which nothing predicts."""

JUDGED_TOKENS = 128
"""After how many of them the likeliest next token is compared with the baseline's."""


def test_text() -> str:
    """What perplexity is measured on."""
    return _read("test.txt")


def calibration_text() -> str:
    """What quantisers that need examples are calibrated with."""
    return _read("calibration.txt")


def sentences(text: str) -> frozenset[str]:
    """SHA-256 (hex) of each sentence, in lower case and with single spaces."""
    found = (" ".join(sentence.lower().split()) for sentence in re.split(r"(?<=[.!?])\s+", text.strip()))
    return frozenset(hashlib.sha256(sentence.encode()).hexdigest() for sentence in found if sentence)


def _read(name: str) -> str:
    return (files(__name__) / name).read_text(encoding="utf-8").strip()
