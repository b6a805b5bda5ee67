"""Text as a reader sees it, so that no spelling hides a word: references, emphasis, links, accents and invisible
characters.

``f&#97;ster``, ``fas**ter**``, ``fas[ter](x.md)``, ``fäster`` and ``fas\u00adter`` all read *faster*.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

_LINK = re.compile(r"""!?\[(?P<text>[^\]\[\n]*)\](?:\([^()\n"']*(?P<title>["'][^\n]*?)?\)|\[[^\]\n]*\])""")
_EMPHASIS = re.compile(r"(?<=\w)(?:[*_^`]+|~~|==|\\(?![uUx][0-9a-fA-F]{2}))(?=[^\W\d_])|\*+")
_WORD = re.compile(r"[^\W\d_]+")
_SPACED = re.compile(r"(?<![\w'])(?:[^\W\d_]([ .·•-]))(?:[^\W\d_]\1){2,}[^\W\d_](?![\w'])")
"""A word whose letters stand apart."""
_MICRO = "\u00b5\u03bc"
_PLAIN = "ßøæœłđþðı"
"""Letters of names that no accent is taken from."""
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""What shows text in another order than it is written in."""
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def as_read(markdown: str) -> str:
    """``markdown`` without what its renderer takes away; lines stay lines."""
    text = html.unescape(_LINK.sub(lambda link: f"{link['text']}{link['title'] or ''}", markdown))
    if not text.isascii():
        text = "".join(one for one in unicodedata.normalize("NFKD", text) if not _is_unseen(one))
    return _ESCAPE.sub(r"\1", _EMPHASIS.sub("", text))


def disguised(text: str) -> Iterator[tuple[int, str]]:
    """Words that are not what they look like, with their places: of letters of another script or of a look-alike, of
    letters that stand apart, or in another order than they are written in."""
    for found in _WORD.finditer(text):
        if not found[0].isascii() and any(map(_is_strange, found[0])):
            yield found.start(), found[0]
    yield from ((found.start(), found[0]) for found in _SPACED.finditer(text))
    yield from ((found.start(), f"U+{ord(found[0]):04X}") for found in _TURNS.finditer(text))


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in ("Cf", "Mn", "Me") and not _TURNS.match(character)


def _is_strange(letter: str) -> bool:
    return not (letter.isascii() or letter in _MICRO or letter.lower() in _PLAIN)
