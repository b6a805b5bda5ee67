"""Whether a text holds a number, in any script."""

from __future__ import annotations

import re
import unicodedata


def has_number(text: str) -> bool:
    """Whether a character of ``text`` is a digit, in any script, or a superscript, a fraction, a numeral sign, or an
    ideograph of a number."""
    if _DIGIT.search(text):
        return True
    return not text.isascii() and any(c > "\x7f" and _counts(c) for c in text)


def _counts(character: str) -> bool:
    return unicodedata.category(character)[0] == "N" or unicodedata.numeric(character, None) is not None


_DIGIT = re.compile(r"[0-9]")
