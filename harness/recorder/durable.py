"""Making bytes survive a power cut: full writes, and fsync of files and of the folders that name them."""

from __future__ import annotations

import errno
import fcntl
import os
import sys
from pathlib import Path

from ..errors import LockHeld

NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def open_alone(path: Path, flags: int) -> int:
    """Opens a file for this process alone, until it is closed. Raises ``LockHeld`` at once, and ``OSError``."""
    fd = os.open(path, flags, 0o644)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        raise LockHeld(f"another process works on {path}; wait until it ends, or stop it") from None
    return fd


def write_all(fd: int, data: bytes) -> None:
    """Writes every byte, however the system splits them. Raises ``OSError``."""
    left = memoryview(data)
    while left:
        left = left[os.write(fd, left) :]


def sync_file(fd: int) -> None:
    """Returns when the file's bytes and its length are on the device. Raises ``OSError``."""
    if sys.platform == "darwin":
        fcntl.fcntl(fd, fcntl.F_FULLFSYNC)
    else:
        os.fdatasync(fd)


def sync_path(path: Path) -> None:
    """The same for a file or a folder by name; a folder's sync makes its entries durable."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def advice(error: OSError) -> str:
    """What went wrong and what to do, for the end of a one-line message."""
    if error.errno in NO_SPACE:
        return f"{error.strerror}: free some space and run the same command again"
    return f"{error.strerror or error}: check the disk, then run the same command again"


def make_folder(path: Path) -> None:
    """Makes a folder and its parents, each durably named in its own parent. Raises ``OSError``."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(exist_ok=True)
    sync_path(path.parent)
