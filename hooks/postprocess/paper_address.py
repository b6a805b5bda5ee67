"""The address of a page as a QR code, for those who hold it on paper; the style sheet shows it in print alone."""

from __future__ import annotations

import html
import re

import segno

_PLACE = re.compile(r'<div class="b-paper" data-address="(https?://[^"]+)"[^>]*>')
_TITLE = "The address of this page as a QR code"


def with_code(page: str) -> str:
    """The page with the code in its place. A site that has no address has no code."""
    return _PLACE.sub(lambda place: place[0] + _code(html.unescape(place[1])), page)


def _code(address: str) -> str:
    made: str = segno.make(address, micro=False).svg_inline(title=_TITLE, svgclass=None, lineclass=None, omitsize=True)
    return made
