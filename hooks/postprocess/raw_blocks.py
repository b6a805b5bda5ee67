"""Keeps finished tables and drawings out of the Markdown parser, which would read each of them three times.

A block opens on a line of its own after a blank one and ends with the line that closes its element, before a blank
one; in a tab all of it is indented. It leaves a placeholder, which is put back into the converted page.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from harness.errors import UsageError

_OPENING = re.compile(r'( *)<(div class="b-table|figure class="b-chart)[ "]')
_PLACE = re.compile(r'(?:<p>)?<div data-block="(\d+)"></div>(?:</p>)?')
_ANCHOR = re.compile(r'\sid="([^"]+)"')
_FOR_MARKDOWN = re.compile(r"&#(?:33|35|36|40|41|42|43|45|46|58|61|64|91|92|93|94|95|96|123|124|125|126);")

_HARMLESS = re.compile(r"&#(32|95);")
"""Spaces and underscores, which mean the same as themselves wherever they stand in HTML."""


@dataclass(slots=True)
class RawBlocks:
    """The blocks of one page, in order."""

    blocks: list[str] = field(default_factory=list)

    def take(self, markdown: str) -> str:
        """``markdown`` with a placeholder for each block."""
        lines, kept, start = markdown.split("\n"), list[str](), 0
        while start < len(lines):
            end = self._end(lines, start)
            if end is None:
                kept.append(lines[start])
                start += 1
            else:
                indent = lines[start].partition("<")[0]
                kept.append(f'{indent}<div data-block="{len(self.blocks)}"></div>')
                self.blocks.append("\n".join(lines[start:end]))
                start = end
        return "\n".join(kept)

    def _end(self, lines: Sequence[str], start: int) -> int | None:
        """The line after the block that opens on line ``start``; ``None`` where none opens."""
        opening = _OPENING.match(lines[start])
        if opening is None or (start and lines[start - 1].strip()):
            return None
        tag, depth = opening[2].partition(" ")[0], 0
        for place in range(start, len(lines)):
            if lines[place].strip() and not lines[place].startswith(opening[1]):
                return None
            depth += lines[place].count(f"<{tag} ") + lines[place].count(f"<{tag}>") - lines[place].count(f"</{tag}>")
            if depth == 0:
                return place + 1 if not "".join(lines[place + 1 : place + 2]).strip() else None
        return None

    def put_back(self, page: str) -> str:
        """The converted ``page`` with its blocks, without the character references that only Markdown needs.

        Raises ``UsageError`` where Markdown took the place of a block for code.
        """
        shown, found = _PLACE.subn(lambda place: _plain(self.blocks[int(place[1])]), page)
        if found < len(self.blocks):
            raise UsageError("a chart or a table is indented and stands in no tab; begin its line at the margin")
        return _HARMLESS.sub(lambda found: chr(int(found[1])), shown)

    @property
    def anchors(self) -> set[str]:
        """The ids that links may lead to."""
        return {html.unescape(anchor) for block in self.blocks for anchor in _ANCHOR.findall(block)}


def _plain(block: str) -> str:
    return _FOR_MARKDOWN.sub(lambda found: chr(int(found[0][2:-1])), block)
