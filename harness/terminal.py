"""What people read on a terminal: a hostile string is shown as what it is, and never obeyed."""

from __future__ import annotations

import sys
import unicodedata
from typing import Any

from rich.console import Console
from rich.text import Text

_OBEYED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories of what moves the cursor, turns the direction of text, or is nothing that can be seen."""


def plain(text: str) -> str:
    """``text`` with every control character as its escape, such as ``\\x1b`` or ``\\u202e``."""
    if text.isprintable():
        return text
    return "".join(
        char.encode("unicode_escape").decode() if unicodedata.category(char) in _OBEYED else char for char in text
    )


class Terminal(Console):
    """Prints texts as they are: no console markup, and control characters as their escapes."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(
            width=None if sys.stdout.isatty() else 140, highlight=False, markup=False, emoji=False, **settings
        )

    def render_str(self, text: str, **how: Any) -> Text:
        return super().render_str(plain(text), **how)
