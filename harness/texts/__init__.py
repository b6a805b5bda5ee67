"""Texts that ship with the project, for accuracy gates and for calibrating quantisers; ``LICENCE.md`` is beside them.

The two splits share no sentence, so that what calibrated a quantiser never judges it.
"""

from __future__ import annotations

from importlib.resources import files

SCORED_TOKENS = 256
"""How many tokens of the test text are scored, the first of which nothing predicts."""

JUDGED_TOKENS = 128
"""After how many of them the likeliest next token is compared with the baseline's."""


def test_text() -> str:
    """What perplexity is measured on."""
    return _read("test.txt")


def calibration_text() -> str:
    """What quantisers that need examples are calibrated with."""
    return _read("calibration.txt")


def _read(name: str) -> str:
    return (files(__name__) / name).read_text(encoding="utf-8").strip()
