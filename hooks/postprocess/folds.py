"""Sections whose heading has the class ``b-fold`` become disclosures: closed on screen, found by search, open in print.

A section reaches from its heading to the next one of its level. It works on the converted Markdown of a page, before
finished blocks are put back (``raw_blocks.py``), where such headings stand side by side.
"""

from __future__ import annotations

import re

_SECTION = re.compile(r"(?=<h2[ >])")
_PERMALINK = re.compile(r'<a class="headerlink".*?</a>', re.DOTALL)
"""A summary is a button, and a button holds no link."""
_FOLDED = re.compile(r'(<h2 [^>]*class="b-fold"[^>]*>.*?</h2>)', re.DOTALL)


def folded(html: str) -> str:
    """The page with those sections folded."""
    return "".join(map(_fold, _SECTION.split(html)))


def _fold(section: str) -> str:
    found = _FOLDED.match(section)
    if found is None:
        return section
    heading = _PERMALINK.sub("", found[1])
    return f'<details class="b-fold"><summary>{heading}</summary>{section[found.end() :]}</details>\n'
