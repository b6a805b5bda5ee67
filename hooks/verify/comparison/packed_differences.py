"""What differs between two packed files: the part of a picture, the column and row of a table, the member of a gzip."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import pyarrow.parquet as pq

from .text_differences import both, limited, text_differences

MOST_BYTES = 64 << 20
"""Nothing is decompressed further."""
MOST_CELLS = 1_000_000
"""Larger tables are not set against each other cell by cell."""
_PNG = b"\x89PNG\r\n\x1a\n"
_SAID = 60


def packed_differences(suffix: str, found: bytes, expected: bytes) -> Iterator[str]:
    """The differences of two files of one kind; none where their kind is not known or one of them is not of it."""
    if suffix == ".png":
        yield from limited(_chunks(found, expected))
    elif suffix == ".parquet":
        try:
            yield from list(limited(_tables(found, expected)))
        except Exception:  # noqa: BLE001 a hostile table may provoke any; its bytes are told
            return
    elif suffix == ".gz":
        yield from _zipped(found, expected)


def _chunks(found: bytes, expected: bytes) -> Iterator[str]:
    one, other = _parts(found), _parts(expected)
    if one is None or other is None:
        return
    for name in {**one, **other}:
        yield from _told(f"its part {name}", *([_seen(part[name])] if name in part else [] for part in (one, other)))


def _parts(data: bytes) -> dict[str, bytes] | None:
    """The chunks of a picture by their kind and number; null where it is no PNG."""
    if not data.startswith(_PNG):
        return None
    parts: dict[str, bytes] = {}
    place = len(_PNG)
    while place + 12 <= len(data):
        (size,) = struct.unpack_from(">I", data, place)
        kind = data[place + 4 : place + 8].decode("ascii", "backslashreplace")
        number = sum(name.startswith(f"{kind} ") for name in parts)
        parts[f"{kind} {number + 1}"] = data[place + 8 : place + 12 + size]
        place += 12 + size
        if kind == "IEND":
            break
    if place < len(data):
        parts["after the end"] = data[place:]
    return parts


def _seen(data: bytes) -> str:
    text = data[:_SAID].decode("ascii", "backslashreplace")
    return f"{len(data)} bytes, checked by {zlib.crc32(data):08x}: {text}"


def _tables(found: bytes, expected: bytes) -> Iterator[str]:
    files = [pq.ParquetFile(io.BytesIO(data)) for data in (found, expected)]
    kept = [dict(file.schema_arrow.metadata or {}) for file in files]
    for key in sorted({*kept[0], *kept[1]}):
        yield from _told(f"its metadata {_text(key)}", *([_text(one[key])] if key in one else [] for one in kept))
    names = [file.schema_arrow.names for file in files]
    rows = [file.metadata.num_rows for file in files]
    yield from _told("its columns", *([", ".join(one)] for one in names))
    yield from _told("its number of rows", *([str(one)] for one in rows))
    if names[0] == names[1] and rows[0] == rows[1] and rows[0] * len(names[0]) <= MOST_CELLS:
        one, other = (file.read() for file in files)
        for name in names[0]:
            yield from _cells(name, one.column(name), other.column(name))


def _text(data: bytes) -> str:
    return data.decode(errors="backslashreplace")


def _told(what: str, found: list[str], expected: list[str]) -> Iterator[str]:
    if found != expected:
        yield f"{what}: {both(found, expected)}"


def _cells(name: str, one: Any, other: Any) -> Iterator[str]:
    yield from _told(f"its column {name}", [str(one.type)], [str(other.type)])
    if not one.equals(other):
        for row, pair in enumerate(zip(one.to_pylist(), other.to_pylist(), strict=True), 1):
            yield from _told(f"its column {name}, row {row}", *([str(cell)] for cell in pair))


def _zipped(found: bytes, expected: bytes) -> Iterator[str]:
    try:
        one, other = zlib.decompressobj(wbits=31), zlib.decompressobj(wbits=31)
        texts = one.decompress(found, MOST_BYTES), other.decompress(expected, MOST_BYTES)
    except zlib.error:
        return
    yield from (f"decompressed, {problem}" for problem in text_differences(*texts))
    rests = ([_seen(step.unused_data)] if step.unused_data else [] for step in (one, other))
    yield from _told("after its end", *rests)
