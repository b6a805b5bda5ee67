"""The image that a link to a report shows: its title and the claim that stands for it, from the page's own values."""

from __future__ import annotations

import textwrap

from ..caching.job import Job
from ..caching.store import key_of
from ..content.vega import own_fonts
from ..replication.findings import Published
from ..text.escaping import escape_html

WIDTH, HEIGHT = 1200, 630
_MARGIN = 70
_LETTERS = str.maketrans("0123456789", "ghijklmnop")
_FRAME = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif">'
    '<rect width="100%" height="100%" fill="#26304f"/><rect x="0" y="590" width="100%" height="40" fill="#62b5f2"/>'
    "{words}</svg>"
)


def card(title: str, published: Published) -> tuple[str, Job]:
    """The card's path in the site and what draws it. The name is a hash in letters, so that it is no number."""
    drawn = svg(title, published)
    key = key_of("card", drawn)
    return f"cards/{key[:16].translate(_LETTERS)}.png", Job(
        "card", key, f"{__name__}:png", (drawn,), ".png", short=True
    )


def svg(title: str, published: Published) -> str:
    """The card as SVG. What does not fit ends in an ellipsis."""
    claim = published.headline
    finding = f"{claim.text} ({claim.verdict})" if claim else "Its data make no claim."
    foot = f"dataset {published.dataset}, {published.hardware}"
    words = (
        _lines(f"Bindery · {published.report.upper()}", top=110, size=40, columns=50, most=1, fill="#b9c7ee")
        + _lines(title, top=190, size=58, columns=34, most=2, fill="#ffffff")
        + _lines(finding, top=345, size=34, columns=60, most=4, fill="#e4e9f7")
        + _lines(foot, top=560, size=28, columns=74, most=1, fill="#b9c7ee")
    )
    return _FRAME.format(width=WIDTH, height=HEIGHT, words=words)


def _lines(text: str, *, top: int, size: int, columns: int, most: int, fill: str) -> str:
    wrapped = textwrap.wrap(text, columns, max_lines=most, placeholder=" …")
    style = f'x="{_MARGIN}" font-size="{size}" fill="{fill}"'
    places = range(top, HEIGHT, size * 5 // 4)
    return "".join(
        f'<text y="{y}" {style}>{escape_html(line)}</text>' for y, line in zip(places, wrapped, strict=False)
    )


def png(drawn: str) -> bytes:
    """An SVG as PNG."""
    import vl_convert

    with own_fonts():
        made: bytes = vl_convert.svg_to_png(drawn)
    return made
