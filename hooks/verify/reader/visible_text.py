"""Texts as a page shows them: on one line, with characters that nobody could see written as ``⟨U+XXXX⟩``."""

from __future__ import annotations

import re

_WRITTEN = re.compile(r"⟨U\+([0-9A-F]{4,6})⟩")


def plain(text: str) -> str:
    """``text`` with what was written out read back, and white space as single spaces."""
    return " ".join(_WRITTEN.sub(lambda found: chr(int(found[1], 16)), text).split())


def same_text(shown: str, text: str) -> bool:
    """Whether ``shown`` is how a page writes ``text``."""
    return plain(shown) == plain(text)


def printable(text: str) -> str:
    """``text`` with every character that cannot be seen, line ends included, as ``⟨U+XXXX⟩``."""
    return "".join(one if one.isprintable() or one == "\u00a0" else f"⟨U+{ord(one):04X}⟩" for one in text)
