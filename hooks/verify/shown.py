"""Texts as a page shows them: on one line, with characters that nobody could see written as ``⟨U+XXXX⟩``."""

from __future__ import annotations

import re

_WRITTEN = re.compile(r"⟨U\+([0-9A-F]{4,6})⟩")


def same_text(shown: str, text: str) -> bool:
    """Whether ``shown`` is how a page writes ``text``; white space counts only as such."""
    return _plain(_WRITTEN.sub(lambda found: chr(int(found[1], 16)), shown)) == _plain(text)


def _plain(text: str) -> str:
    return " ".join(text.split())
