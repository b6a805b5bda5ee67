"""Text as a reader sees it, so that no spelling hides a word: references, emphasis, links and invisible characters.

``f&#97;ster``, ``fas**ter**``, ``fas[ter](x.md)`` and ``fas\u00adter`` all read *faster*.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

_LINK = re.compile(r"""!?\[(?P<text>[^\]\[\n]*)\](?:\([^()\n"']*(?P<title>["'][^\n]*?)?\)|\[[^\]\n]*\])""")
_EMPHASIS = re.compile(r"(?<=\w)[*_]+(?=\w)|\*+")
_WORD = re.compile(r"[^\W\d_]+")
_MICRO = "\u00b5\u03bc"
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def as_read(markdown: str) -> str:
    """``markdown`` without what its renderer takes away; lines stay lines."""
    text = html.unescape(_LINK.sub(lambda link: f"{link['text']}{link['title'] or ''}", markdown))
    text = "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != "Cf")
    return _ESCAPE.sub(r"\1", _EMPHASIS.sub("", text))


def disguised(text: str) -> Iterator[tuple[int, str]]:
    """Words that mix Latin letters with those of another script, as if they were others, with their places."""
    for found in _WORD.finditer(text):
        if not found[0].isascii() and {"LATIN"} < {_script(letter) for letter in found[0]}:
            yield found.start(), found[0]


def _script(letter: str) -> str:
    return "LATIN" if letter in _MICRO else unicodedata.name(letter, "").partition(" ")[0]
