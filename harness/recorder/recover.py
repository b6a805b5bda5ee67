"""Reads a journal after whatever happened to it.

What separates a torn tail from corruption: every frame says how much of the file was on the device when it was
written (``frames.Frame.synced``), and each group of records is followed by a mark that says so of the group itself.

- Bytes that do not form a frame are **corruption** where any sound frame after them says that they were synced:
  they were whole once, and acknowledged. That is a loud error with the offset; nothing is dropped or guessed.
- Otherwise they are a **torn tail**: written, never acknowledged. It is dropped and reported.

A flipped bit in the last acknowledged record is therefore loud, because its mark follows it; a flipped bit in that
last mark costs the mark only. After a power cut the last mark may be missing (it is not waited for); damage to the
last group *as well* then counts as torn, and shows in ``dropped_bytes``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import JournalCorrupt, SchemaUnknown
from .durable import open_alone, sync_file
from .frames import FILE_BYTES, FORMAT, FRAME_BYTES, MAGIC, SYNC, BadStart, Frame, OtherFormat, frame_at, unpack_start


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a journal holds. ``reason`` says why ``dropped_bytes`` at its end are no record; ``None`` where none are."""

    records: tuple[bytes, ...]
    committed_bytes: int
    dropped_bytes: int
    reason: str | None


EMPTY = Recovered((), 0, 0, None)


def read(path: Path) -> Recovered:
    """The committed records of a journal, unaltered and in order.

    Raises ``JournalCorrupt`` with the offset of the damage, ``SchemaUnknown`` for another format, ``OSError``.
    """
    data = path.read_bytes()
    if _never_begun(data):
        return Recovered((), 0, len(data), "the file was created but never begun" if data else None)
    seed = _seed(path, data)
    records: list[bytes] = []
    offset = FILE_BYTES
    while (frame := frame_at(data, offset, seed)) is not None:
        if frame.sequence != len(records) or frame.synced > offset:
            raise _corrupt(path, offset, f"record {frame.sequence} stands where record {len(records)} belongs")
        if frame.payload:
            records.append(frame.payload)
        offset = frame.end
    if any(later.synced > offset for later in _frames_after(data, offset, seed)):
        raise _corrupt(path, offset, f"record {len(records)} was acknowledged and is damaged")
    return Recovered(tuple(records), offset, len(data) - offset, _reason(data[offset:]))


def truncate_tail(path: Path) -> Recovered:
    """Cuts a torn tail off, durably, and says what was cut. Raises as ``read`` does, and ``LockHeld``."""
    fd = open_alone(path, os.O_RDWR)
    try:
        return cut_tail(path, fd)
    finally:
        os.close(fd)


def cut_tail(path: Path, fd: int) -> Recovered:
    """``truncate_tail`` for a file that the caller has opened alone."""
    found = read(path)
    if found.dropped_bytes:
        os.ftruncate(fd, found.committed_bytes)
        sync_file(fd)
    return found


def _never_begun(data: bytes) -> bool:
    """Whether creation was cut before the first sync, so that nothing can have been acknowledged."""
    short = len(data) < FILE_BYTES and data[: len(MAGIC)] == MAGIC[: len(data)]
    return short or not data.strip(b"\0")


def _seed(path: Path, data: bytes) -> int:
    try:
        return unpack_start(data)
    except OtherFormat as error:
        raise SchemaUnknown(
            f"{path} has journal format {error}, this version reads {FORMAT}; use the version that wrote it"
        ) from None
    except BadStart:
        raise _corrupt(path, 0, "it does not start as a journal does") from None


def _frames_after(data: bytes, offset: int, seed: int) -> Iterator[Frame]:
    """Every sound frame that starts after ``offset``, wherever it starts."""
    at = data.find(SYNC, offset + 1)
    while at >= 0:
        frame = frame_at(data, at, seed)
        if frame is not None:
            yield frame
        at = data.find(SYNC, at + 1 if frame is None else frame.end)


def _reason(tail: bytes) -> str | None:
    if not tail:
        return None
    if not tail.strip(b"\0"):
        return "zero-filled tail"
    length = int.from_bytes(tail[len(SYNC) : len(SYNC) + 4], "little")
    cut = len(tail) < FRAME_BYTES or len(tail) < FRAME_BYTES + length
    return "the last record was cut short" if cut else "the last record was torn"


def _corrupt(path: Path, offset: int, what: str) -> JournalCorrupt:
    return JournalCorrupt(
        f"{path} is damaged at byte {offset}: {what}; restore the file from a copy, or move it away to begin anew"
    )
