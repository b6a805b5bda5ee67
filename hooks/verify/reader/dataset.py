"""Sealed datasets as bytes: re-hashed against their manifests before a single row is read."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from .mismatches import Examined

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A dataset whose files are what its manifest says. ``runs`` and ``requests`` are its tables."""

    folder: Path
    label: str
    digest: str
    hashes: tuple[tuple[str, str], ...]
    manifest: Mapping[str, Any] = field(compare=False, repr=False)

    @property
    def runs(self) -> pa.Table:
        return self._table("runs.parquet")

    @property
    def requests(self) -> pa.Table:
        return self._table("requests.parquet")

    def _table(self, name: str) -> pa.Table:
        return _table(self.folder / name, dict(self.hashes)[name])


@lru_cache(maxsize=16)
def _table(path: Path, sha256: str) -> pa.Table:
    """A table whose bytes have this hash; the caller has just compared them."""
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError(f"{path.name} changed while it was read")
    return pq.read_table(io.BytesIO(data))


def sealed_datasets(root: Path) -> Iterator[Sealed | Examined]:
    """Every dataset below ``root``, or what is wrong with it."""
    for path in sorted(root.rglob(MANIFEST)):
        yield from _open(path, root)


def _open(path: Path, root: Path) -> Iterator[Sealed | Examined]:
    place = path.relative_to(root).as_posix()
    data = path.read_bytes()
    try:
        manifest = json.loads(data)
        label = f"{manifest['study']}/v{manifest['version']}"
        hashes = tuple((str(name), str(entry["sha256"])) for name, entry in manifest["files"].items())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        yield Examined(place, "it is no manifest of a dataset")
        return
    if _canonical(manifest) != data:
        yield Examined(place, "it is not canonical JSON, so its hash identifies nothing")
        return
    wrong = [problem for name, _ in hashes if (problem := _damage(path.parent / name, manifest["files"][name]))]
    for problem in wrong:
        yield Examined(place, problem)
    if not wrong:
        yield Sealed(path.parent, label, hashlib.sha256(data).hexdigest(), hashes, manifest)


def _canonical(manifest: object) -> bytes:
    text = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode() + b"\n"


def _damage(path: Path, entry: Mapping[str, Any]) -> str | None:
    if not path.is_file():
        return f"{path.name} is absent"
    data = path.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != entry["sha256"]:
        return f"{path.name} has SHA-256 {found[:12]}…, the manifest says {entry['sha256'][:12]}…"
    if len(data) != entry.get("bytes") or pq.read_metadata(io.BytesIO(data)).num_rows != entry.get("rows"):
        return f"{path.name} has not the size or the rows that the manifest says"
    return None
