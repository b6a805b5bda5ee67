"""The bytes of a journal.

    file    magic 8 · format u32 · salt 16 · crc u32
    frame   sync 4 · length u32 · sequence u64 · synced u64 · crc u32 · payload

All numbers are little-endian. A frame's CRC covers the file's salt, its own head and its payload, so that a frame
from another journal, or one moved or repeated, does not pass. ``sequence`` counts the records before it; ``synced``
is the file length known to be on the device when the frame was written. A frame without payload is a *mark*: it
carries no record and only says ``synced``. The sync word has no byte that UTF-8 text can contain.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

MAGIC = b"BINDERY\n"
FORMAT = 1
SYNC = b"\xf7\xc1\xfe\xf5"
SALT_BYTES = 16
MAX_PAYLOAD = 2**28

_FILE = struct.Struct("<8sI16sI")
_HEAD = struct.Struct("<4sIQQ")
_CRC = struct.Struct("<I")

FILE_BYTES = _FILE.size
FRAME_BYTES = _HEAD.size + _CRC.size


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame that passed its CRC; ``end`` is the offset after it."""

    sequence: int
    synced: int
    payload: bytes
    end: int


class BadStart(ValueError):
    """A file does not start as a journal does."""


class OtherFormat(ValueError):
    """A journal of a format that is not ``FORMAT``."""


def pack_start(salt: bytes) -> bytes:
    """The ``FILE_BYTES`` with which a journal starts."""
    head = MAGIC + FORMAT.to_bytes(4, "little") + salt
    return head + _CRC.pack(zlib.crc32(head))


def unpack_start(data: bytes) -> int:
    """The CRC seed of the journal's frames. Raises ``BadStart`` or ``OtherFormat``."""
    if len(data) < FILE_BYTES or not data.startswith(MAGIC):
        raise BadStart
    _, number, salt, crc = _FILE.unpack_from(data)
    if number != FORMAT:
        raise OtherFormat(number)
    if zlib.crc32(data[: FILE_BYTES - _CRC.size]) != crc:
        raise BadStart
    return seed_of(salt)


def seed_of(salt: bytes) -> int:
    """Where the CRC of each frame starts."""
    return zlib.crc32(salt)


def pack_frame(seed: int, sequence: int, synced: int, payload: bytes) -> bytes:
    """One frame. Raises ``ValueError`` where the payload is longer than ``MAX_PAYLOAD``."""
    if len(payload) > MAX_PAYLOAD:
        raise ValueError(f"a record has {len(payload)} bytes, more than {MAX_PAYLOAD}")
    head = _HEAD.pack(SYNC, len(payload), sequence, synced)
    return head + _CRC.pack(zlib.crc32(payload, zlib.crc32(head, seed))) + payload


def frame_at(data: bytes, offset: int, seed: int) -> Frame | None:
    """The frame that starts at ``offset``, or ``None`` where no whole and sound one does."""
    begin = offset + FRAME_BYTES
    if begin > len(data):
        return None
    sync, length, sequence, synced = _HEAD.unpack_from(data, offset)
    if sync != SYNC or length > min(MAX_PAYLOAD, len(data) - begin):
        return None
    (crc,) = _CRC.unpack_from(data, offset + _HEAD.size)
    payload = data[begin : begin + length]
    if zlib.crc32(payload, zlib.crc32(data[offset : offset + _HEAD.size], seed)) != crc:
        return None
    return Frame(sequence, synced, payload, begin + length)
