"""Whether a text holds a number, in any script."""

from __future__ import annotations

import re
import unicodedata


def has_number(text: str) -> bool:
    """Whether a character of ``text`` is a digit, in any script, or a superscript, a fraction or a numeral sign."""
    if _DIGIT.search(text):
        return True
    return not text.isascii() and any(c > "\x7f" and unicodedata.category(c)[0] == "N" for c in text)


_DIGIT = re.compile(r"[0-9]")
