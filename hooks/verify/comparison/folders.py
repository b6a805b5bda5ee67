"""Two folders, file by file and byte by byte."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from ..reader.mismatches import Examined
from ..reader.plain_files import entries, is_plain
from .html_differences import html_differences
from .text_differences import alike, text_differences

MOST_BYTES = 64 << 20
"""Files longer than this are not compared when their lengths differ, and nothing is decompressed further."""
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".ico", ".webp", ".parquet", ".gz", ".woff", ".woff2")


def compare(site: Path, rebuilt: Path) -> Iterator[Examined]:
    """Every file of either folder; each difference of ``site`` from ``rebuilt`` is one problem."""
    found, expected = _files(site), _files(rebuilt)
    for name in sorted(found.keys() | expected.keys()):
        if name not in found:
            yield Examined(name, "it is absent, the rebuild has it")
        elif name not in expected:
            yield Examined(name, "the rebuild has no such file")
        else:
            yield from _compared(name, found[name], expected[name])


def differences(name: str, found: bytes, expected: bytes) -> list[str]:
    """What differs between two contents of the file ``name``; at least one problem where their bytes differ."""
    if found == expected:
        return []
    return list(_told(Path(name).suffix, found, expected)) or [_bytes(found, expected)]


def _told(suffix: str, found: bytes, expected: bytes) -> Iterator[str]:
    if suffix == ".html":
        yield from html_differences(found, expected)
    elif suffix not in PICTURES:
        yield from text_differences(found, expected)
    elif suffix == ".gz" and (texts := _unzipped(found, expected)):
        yield from (f"decompressed, {problem}" for problem in text_differences(*texts))


def _files(root: Path) -> dict[str, Path]:
    """Everything below ``root`` that is no folder, by its path; links are not followed."""
    return {path.relative_to(root).as_posix(): path for path in entries(root)}


def _compared(name: str, found: Path, expected: Path) -> Iterator[Examined]:
    if not is_plain(found):
        yield Examined(name, "it is no plain file, the rebuild has one")
        return
    size, length = found.stat().st_size, expected.stat().st_size
    if size != length and size > MOST_BYTES:
        yield Examined(name, f"it has {size} bytes, the rebuild {length}")
        return
    problems = differences(name, found.read_bytes(), expected.read_bytes())
    yield from (Examined(name, problem) for problem in problems) if problems else [Examined(name)]


def _unzipped(found: bytes, expected: bytes) -> tuple[bytes, bytes] | None:
    """Both contents, where the first is a gzip file of a length that need not be feared."""
    try:
        step = zlib.decompressobj(wbits=31)
        return step.decompress(found, MOST_BYTES), gzip.decompress(expected)
    except (zlib.error, OSError, EOFError):
        return None


def _bytes(found: bytes, expected: bytes) -> str:
    at = alike(found, expected)
    if len(found) != len(expected):
        return f"it has {len(found)} bytes, the rebuild {len(expected)}; they differ from byte {at} on"
    return f"byte {at} of {len(found)} is {found[at]:#04x}, in the rebuild {expected[at]:#04x}"
