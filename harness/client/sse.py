"""Server-Sent Events: blocks of ``field: value`` lines, each ended by a blank line.

As the HTML standard has it: lines end in LF, CR or CR LF; a leading byte order mark and comments are skipped; several
``data`` lines of one event are joined by LF; an event that its blank line never completed is dropped. One
addition: llama.cpp has sent failures as a field ``error``, which counts as data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .framing import Frame, LineTooLong, before_long_line, refuse_long_line

_BOM = b"\xef\xbb\xbf"
_PAD = b"\0"
"""Stands for the CR of CR LF, so that offsets stay. JSON text has no NUL."""
_MOST_LINES = 1024
_DATA = re.compile(rb"^(data|error|event)(?:: ?([^\n]*+)|\0?)\n", re.MULTILINE)
_DATA_OR_END = re.compile(_DATA.pattern + rb"|^\0?\n", re.MULTILINE)


def frames(body: bytes, line_limit: int) -> Iterator[Frame]:
    """The data of each complete event, in order. Raises ``LineTooLong`` where it meets such a line."""
    lines = body.replace(b"\r\n", _PAD + b"\n").replace(b"\r", b"\n")
    sound = before_long_line(lines, line_limit)
    position = len(_BOM) if lines.startswith(_BOM) else 0
    lines = lines[position:sound]
    data: list[bytes] = []
    event = b""
    at = 0
    while match := (_DATA_OR_END if data or event else _DATA).search(lines, at):
        at = match.end()
        if match[0] in (b"\n", _PAD + b"\n"):
            if data:
                yield Frame(position + at, b"\n".join(data), event)
            data, event = [], b""
        elif match[1] == b"event":
            event = (match[2] or b"").removesuffix(_PAD)
        else:
            data.append((match[2] or b"").removesuffix(_PAD))
            if len(data) > _MOST_LINES:
                raise LineTooLong(f"an event of more than {_MOST_LINES} lines")
    refuse_long_line(body, sound, line_limit)
