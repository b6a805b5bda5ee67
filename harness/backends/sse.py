"""Server-Sent Events: blocks of ``field: value`` lines, each ended by a blank line.

As the HTML standard has it: lines end in LF, CR or CR LF; a leading byte order mark and comments are skipped; several
``data`` lines of one event are joined by LF; an event that its blank line never completed is dropped. One
addition: llama.cpp has sent failures as a field ``error``, which counts as data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .framing import Frame, LineTooLong

_LINE_END = re.compile(rb"\r\n|\n|\r")
_BOM = b"\xef\xbb\xbf"
_CARRIES = (b"data", b"error")


def frames(body: bytes, line_limit: int) -> Iterator[Frame]:
    """The data of each complete event, in order. Raises ``LineTooLong`` where it meets such a line."""
    start = len(_BOM) if body.startswith(_BOM) else 0
    data: list[bytes] = []
    for match in _LINE_END.finditer(body, start):
        line, start = body[start : match.start()], match.end()
        if not line:
            if data:
                yield Frame(start, b"\n".join(data))
                data = []
            continue
        if len(line) > line_limit:
            raise LineTooLong(f"a line of {len(line)} bytes")
        name, _, value = line.partition(b":")
        if name in _CARRIES:
            data.append(value.removeprefix(b" "))
    if len(body) - start > line_limit:
        raise LineTooLong(f"a line of more than {line_limit} bytes")
