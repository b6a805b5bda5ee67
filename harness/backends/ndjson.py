"""Newline-delimited JSON: one record per line, blank lines skipped, CR before LF dropped.

A line that its newline never completed is dropped, as an incomplete event is in SSE.
"""

from __future__ import annotations

from collections.abc import Iterator

from .framing import Frame, LineTooLong


def frames(body: bytes, line_limit: int) -> Iterator[Frame]:
    """Each line that is not blank, in order. Raises ``LineTooLong`` where it meets such a line."""
    start = 0
    while (newline := body.find(b"\n", start)) >= 0:
        if newline - start > line_limit:
            raise LineTooLong(f"a line of {newline - start} bytes")
        line, start = body[start:newline].strip(b" \t\r"), newline + 1
        if line:
            yield Frame(start, line)
    if len(body) - start > line_limit:
        raise LineTooLong(f"a line of more than {line_limit} bytes")
