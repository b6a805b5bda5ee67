"""Expensive work, kept by the hash of everything that it depends on.

Keys never go stale, so nothing is ever invalidated: a changed input is another key. A damaged entry counts as
absent. Entries are written to a temporary name and renamed, so that two builds may share a store.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from harness.canonical_json import canonical_json

LIBRARIES = ("altair", "jinja2", "numpy", "pyarrow", "scipy", "segno", "vl-convert-python")


def key_of(*parts: object) -> str:
    """SHA-256 (hex) of JSON-ready parts."""
    return hashlib.sha256(canonical_json(parts)).hexdigest()


def digest_files(paths: Iterable[Path]) -> str:
    """SHA-256 (hex) of the names and bytes of files; a missing file counts as absent."""
    return key_of([[path.name, _digest(path)] for path in sorted(paths)])


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None


@cache
def libraries() -> tuple[tuple[str, str], ...]:
    """The versions of the libraries that shape a page, by name."""
    return tuple((name, _version(name)) for name in LIBRARIES)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


class Store:
    """A folder of results by key. ``hits`` and ``misses`` count the questions asked of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hits = 0
        self.misses: list[str] = []

    def path(self, kind: str, key: str, suffix: str = ".json") -> Path:
        return self.folder / kind / f"{key}{suffix}"

    def get(self, kind: str, key: str) -> Any:
        """The JSON data under ``key``; ``None`` where the store has none."""
        try:
            return json.loads(self.path(kind, key).read_bytes())
        except (FileNotFoundError, ValueError):
            return None

    def put(self, kind: str, key: str, data: Any) -> None:
        """Keeps JSON data under ``key``."""
        write(self.path(kind, key), canonical_json(data))

    def json(self, kind: str, key: str, compute: Callable[[], Any]) -> Any:
        """The JSON data under ``key``, computed and kept where the store has none."""
        kept = self.get(kind, key)
        if kept is not None:
            self.hits += 1
            return kept
        self.misses.append(kind)
        self.put(kind, key, compute())
        return self.get(kind, key)

    def file(self, kind: str, key: str, suffix: str, make: Callable[[], bytes | memoryview]) -> Path:
        """A file under ``key``, made where the store has none."""
        path = self.path(kind, key, suffix)
        if path.exists():
            self.hits += 1
        else:
            self.misses.append(kind)
            write(path, make())
        return path


def write(path: Path, data: bytes | memoryview) -> None:
    """``data`` at ``path``, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
