"""The list of a built site's files with their hashes, and what the site was made from and with.

A reader checks a download against it, and rebuilds the revision that it names.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from harness.canonical_json import canonical_json, sha256

from ..caching.store import LIBRARIES, write

LIST = "files.json"
SCHEMA = 3
TOOLS = (*LIBRARIES, "markdown", "mkdocs", "mkdocs-material", "pygments", "pymdown-extensions")


def seal_site(root: Path, revision: str | None = None) -> Path:
    """Writes ``files.json``: the SHA-256 (hex) of every file below ``root`` by its path. Call it last of all.

    ``revision`` is the commit that the site was built from, null for one that was not committed. ``sha256`` is the
    digest of all that the list says beside it.
    """
    paths = sorted(path for path in root.rglob("*") if path.is_file() and path != root / LIST)
    with ThreadPoolExecutor() as pool:
        digests = list(pool.map(_digest, paths))
    files = {path.relative_to(root).as_posix(): digest for path, digest in zip(paths, digests, strict=True)}
    made = {"schema": SCHEMA, "files": files, "made_with": _tools(), "revision": revision}
    write(root / LIST, canonical_json({**made, "sha256": sha256(made)}) + b"\n")
    return root / LIST


def _tools() -> dict[str, str | None]:
    """The versions of everything that shapes the bytes of a site; null for what is not here."""
    found: dict[str, str | None] = {}
    for name in TOOLS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
