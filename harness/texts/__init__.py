"""Texts that ship with the project, for accuracy gates and for calibrating quantisers; ``LICENCE.md`` is beside them.

The two splits share no passage, so that what calibrated a quantiser never judges it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from importlib.resources import files

SCORED_TOKENS = 256
"""How many tokens of the test text are scored in one pass, the first of which nothing predicts."""

JUDGED_TOKENS = 128
"""After how many of them the likeliest next token is compared with the baseline's."""


RUN_WORDS = 8
"""How many words in a row make a passage that two texts do not have by chance."""

_WORD = re.compile(r"\w+")


def test_text() -> str:
    """What perplexity is measured on."""
    return _read("test.txt")


def calibration_text() -> str:
    """What quantisers that need examples are calibrated with."""
    return _read("calibration.txt")


def passages(text: str) -> frozenset[str]:
    """SHA-256 (hex) of each sentence and of each run of ``RUN_WORDS`` words, in lower case and without punctuation."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    sentences = [_WORD.findall(sentence) for sentence in re.split(r"(?<=[.!?])\s+", plain)]
    words = _WORD.findall(plain)
    runs = [words[start : start + RUN_WORDS] for start in range(len(words) - RUN_WORDS + 1)]
    return frozenset(hashlib.sha256(" ".join(found).encode()).hexdigest() for found in (*sentences, *runs) if found)


def _read(name: str) -> str:
    return (files(__name__) / name).read_text(encoding="utf-8").strip()
