"""Two folders, file by file and byte by byte."""

from __future__ import annotations

import functools
import operator
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from ..reader.mismatches import Examined
from ..reader.plain_files import entries, is_plain
from .html_differences import html_differences
from .packed_differences import packed_differences
from .text_differences import alike, text_differences

MOST_BYTES = 64 << 20
"""Files longer than this are not compared when their lengths differ."""
ODD_MODE = stat.S_ISUID | stat.S_ISGID | stat.S_ISVTX | stat.S_IWOTH | 0o111 | stat.S_IRUSR
"""What no file of a site is: a program, another user's, for everybody to write, or for nobody to read."""
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".ico", ".webp", ".parquet", ".gz", ".woff", ".woff2")


def compare(site: Path, rebuilt: Path) -> Iterator[Examined]:
    """Every file of either folder; each difference of ``site`` from ``rebuilt`` is one problem."""
    found, expected = _files(site), _files(rebuilt)
    usual = functools.reduce(operator.and_, map(_mode, found.values()), ODD_MODE)
    for name in sorted(found.keys() | expected.keys()):
        if name not in found:
            yield Examined(name, "it is absent, the rebuild has it")
        elif name not in expected:
            yield Examined(name, "the rebuild has no such file")
        else:
            yield from _compared(name, found[name], expected[name])
            yield from _odd(name, found[name], usual | _mode(expected[name]))
    for name in sorted(_empty(site, found) - _empty(rebuilt, expected)):
        yield Examined(f"{name}/", "the rebuild has no such folder")


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
    else:
        for number, problem in enumerate(packed_differences(suffix, found, expected)):
            yield problem if number else f"{_bytes(found, expected)}: {problem}"


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
    try:
        content = found.read_bytes()
    except OSError as error:
        yield Examined(name, f"it cannot be read ({error.strerror}), the rebuild can")
        return
    problems = differences(name, content, expected.read_bytes())
    yield from (Examined(name, problem) for problem in problems) if problems else [Examined(name)]


def _empty(root: Path, files: dict[str, Path]) -> set[str]:
    """The folders below ``root`` in which there is no file at any depth."""
    filled = {parent.as_posix() for name in files for parent in Path(name).parents}
    folders = (Path(folder, name) for folder, names, _ in os.walk(root) for name in names)
    known = {path.relative_to(root).as_posix() for path in folders if not path.is_symlink()}
    return known - filled


def _mode(path: Path) -> int:
    """What is odd of its permissions. What all files of a site have is of their file system."""
    return (path.lstat().st_mode ^ stat.S_IRUSR) & ODD_MODE if is_plain(path) else ODD_MODE


def _odd(name: str, path: Path, usual: int) -> Iterator[Examined]:
    odd = _mode(path)
    if is_plain(path) and odd & ~usual:
        said = f"its mode is {stat.S_IMODE(path.lstat().st_mode):04o}"
        yield Examined(name, f"{said}; a file of a site is read, and neither run nor written by others")


def _bytes(found: bytes, expected: bytes) -> str:
    at = alike(found, expected)
    if len(found) != len(expected):
        return f"it has {len(found)} bytes, the rebuild {len(expected)}; they differ from byte {at} on"
    return f"byte {at} of {len(found)} is {found[at]:#04x}, in the rebuild {expected[at]:#04x}"
