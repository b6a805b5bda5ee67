"""The list of a built site's files with their hashes: what a reader checks a download against."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from harness.canonical_json import canonical_json

from ..caching.store import write

LIST = "files.json"
SCHEMA = 1


def seal_site(root: Path) -> Path:
    """Writes ``files.json``: the SHA-256 (hex) of every file below ``root`` by its path. Call it last of all."""
    paths = sorted(path for path in root.rglob("*") if path.is_file() and path != root / LIST)
    with ThreadPoolExecutor() as pool:
        digests = list(pool.map(_digest, paths))
    files = {path.relative_to(root).as_posix(): digest for path, digest in zip(paths, digests, strict=True)}
    write(root / LIST, canonical_json({"schema": SCHEMA, "files": files}) + b"\n")
    return root / LIST


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
