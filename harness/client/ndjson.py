"""Newline-delimited JSON: one record per line, blank lines skipped, CR before LF dropped.

A line that its newline never completed is dropped, as an incomplete event is in SSE.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .framing import Frame, before_long_line, refuse_long_line

_RECORD = re.compile(rb"[^\s][^\n]*+\n")


def frames(body: bytes, line_limit: int) -> Iterator[Frame]:
    """Each line that is not blank, in order. Raises ``LineTooLong`` where it meets such a line."""
    sound = before_long_line(body, line_limit)
    for match in _RECORD.finditer(body, 0, body.rfind(b"\n", 0, sound) + 1):
        yield Frame(match.end(), match[0].rstrip())
    refuse_long_line(body, sound, line_limit)
