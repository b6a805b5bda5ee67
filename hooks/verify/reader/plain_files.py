"""The files of a site that may be opened: plain ones. A link may lead anywhere, and a pipe never ends."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path


def entries(root: Path) -> Iterator[Path]:
    """Everything below ``root`` that is no folder; links are entries themselves and are not followed."""
    for folder, folders, names in os.walk(root):
        yield from (Path(folder, name) for name in names)
        yield from (Path(folder, name) for name in folders if Path(folder, name).is_symlink())


def is_plain(path: Path) -> bool:
    """Whether it is a file that holds its own bytes."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def plain_files(root: Path, pattern: str = "*") -> list[Path]:
    """The plain files below ``root`` whose names fit ``pattern``, sorted."""
    return sorted(path for path in entries(root) if fnmatchcase(path.name, pattern) and is_plain(path))
