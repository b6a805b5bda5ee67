"""The image that a link to a report shows: its title and the claim that stands for it, from the page's own values."""

from __future__ import annotations

import textwrap
from pathlib import Path

from .cache import Store, key_of
from .markup import escape_html
from .published import Published

WIDTH, HEIGHT = 1200, 630
_LINE = 44
_MOST_LINES = 6
_LETTERS = str.maketrans("0123456789", "ghijklmnop")
_FRAME = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif">'
    '<rect width="100%" height="100%" fill="#26304f"/><rect x="0" y="590" width="100%" height="40" fill="#62b5f2"/>'
    '<text x="70" y="120" font-size="46" fill="#b9c7ee">Bindery</text>'
    '<text x="70" y="205" font-size="60" font-weight="bold" fill="#ffffff">{title}</text>{lines}'
    '<text x="70" y="560" font-size="30" fill="#b9c7ee">{foot}</text></svg>'
)


def card(store: Store, title: str, said: Published) -> tuple[str, Path]:
    """The card's path in the site and its PNG. The name is a hash in letters, so that it is no number."""
    drawn = svg(title, said)
    key = key_of("card", drawn)
    return f"cards/{key[:16].translate(_LETTERS)}.png", store.file("card", key, ".png", lambda: _png(drawn))


def svg(title: str, said: Published) -> str:
    """The card as SVG."""
    claim = said.headline
    words = f"{claim.text} ({claim.state})" if claim else "Its data make no claim."
    wrapped = textwrap.wrap(words, _LINE, max_lines=_MOST_LINES, placeholder=" …")
    lines = "".join(
        f'<text x="70" y="{285 + 44 * number}" font-size="36" fill="#ffffff">{escape_html(line)}</text>'
        for number, line in enumerate(wrapped)
    )
    foot = escape_html(f"dataset {said.dataset}, {said.hardware}")
    return _FRAME.format(width=WIDTH, height=HEIGHT, title=escape_html(title[:34]), lines=lines, foot=foot)


def _png(drawn: str) -> bytes:
    import vl_convert

    made: bytes = vl_convert.svg_to_png(drawn)
    return made
