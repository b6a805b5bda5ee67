"""Adds what was just sealed to the list of the data root, durably, and by one process at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path

from ..datasets.sealed_list import LIST, Entry, present, read_list
from ..errors import DataError, VersionExists
from .durable import advice, sync_file, sync_path, write_all


def enlist(root: Path, label: str, digest: str, created: str) -> None:
    """Adds a line for a dataset that is published under ``root``; nothing where it has one.

    A root without a list gets one of everything in it. Raises ``VersionExists`` where another dataset was sealed under
    that label, ``DatasetCorrupt`` for a damaged list, ``DataError`` where the disk fails; the same command again adds
    what is missing.
    """
    path = root / LIST
    entry = Entry(label, digest, created[:10])
    try:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            _repair(fd)
            listed = read_list(path)
            refuse_other(listed.get(label), entry)
            _append(fd, [entry] * (label not in listed) if listed else present(root))
        finally:
            os.close(fd)
        sync_path(root)
    except OSError as error:
        raise DataError(f"{label} is sealed, but cannot be listed in {path}: {advice(error)}") from error


def refuse_other(said: Entry | None, entry: Entry) -> None:
    """Raises ``VersionExists`` where the list says another digest than that of ``entry``."""
    if said is not None and said.digest != entry.digest:
        raise VersionExists(
            f"{entry.label} was sealed on {said.day} with the digest {said.digest[:12]}…, and this one has "
            f"{entry.digest[:12]}…; restore that one, and seal this under a number of its own"
        )


def _append(fd: int, entries: Iterable[Entry]) -> None:
    write_all(fd, "".join(f"{entry}\n" for entry in entries).encode())
    sync_file(fd)


def _repair(fd: int) -> None:
    """Takes away a last line that a crash has cut short."""
    data = os.pread(fd, os.fstat(fd).st_size, 0)
    os.ftruncate(fd, data.rfind(b"\n") + 1)
