"""Reads a file that somebody names whole, and no more than fits: a device never ends, and a pipe may never begin."""

from __future__ import annotations

import errno
import stat
from pathlib import Path

MOST_BYTES = 64 << 20


def read_bounded(path: Path) -> bytes:
    """The content of a file. Raises ``OSError``, also for a pipe, and for one of more than ``MOST_BYTES``."""
    kind = path.stat().st_mode
    if stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind):
        raise OSError(errno.EINVAL, "it is a pipe or a socket, no plain file; write it to a file first")
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise OSError(errno.EFBIG, f"it is larger than {MOST_BYTES >> 20} MiB; cut it")
    return data
