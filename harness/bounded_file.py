"""Reads a file that somebody names whole, and no more than fits: a device never ends."""

from __future__ import annotations

import errno
from pathlib import Path

MOST_BYTES = 64 << 20


def read_bounded(path: Path) -> bytes:
    """The content of a file. Raises ``OSError``, also for one of more than ``MOST_BYTES``."""
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise OSError(errno.EFBIG, f"it is larger than {MOST_BYTES >> 20} MiB; cut it")
    return data
