"""Sealed datasets as bytes: re-hashed against their manifests before a single row is read."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .mismatches import Examined
from .plain_files import is_plain, plain_files
from .sessions import together

MANIFEST = "manifest.json"
_FIRST = {"runs.parquet", "requests.parquet", "readings.parquet"}
_SECOND = _FIRST | {"engines.parquet", "tasks.parquet"}
TABLES = {1: _FIRST, 2: _SECOND, 3: _SECOND}
"""The files of each version of the schema."""
METER = "meter.csv"
"""The file of an external meter, which only datasets that were sealed with one have."""
MOST_BYTES = 1 << 30
"""No table of a site unpacks to more."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
USABLE = ("ok", "degraded")
"""How a run or a request ended whose numbers count."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A dataset whose files are what its manifest says: a recording, or a version with tables or recordings of its own.

    ``runs`` and ``requests`` are its tables; those of several recordings stand one after another.
    """

    folder: Path
    label: str
    digest: str
    hashes: tuple[tuple[str, str], ...]
    manifest: Mapping[str, Any] = field(compare=False, repr=False)
    recordings: tuple[Sealed, ...] = ()

    @property
    def runs(self) -> pa.Table:
        return self.table("runs.parquet")

    @property
    def requests(self) -> pa.Table:
        return self.table("requests.parquet")

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows of a file, of all recordings where it lists some; only ``columns`` where they are named."""
        if self.recordings:
            return _one_after_another(self.recordings, name, columns)
        table = _table(self.folder / name, dict(self.hashes)[name])
        return table.select(list(columns)) if columns else table


@lru_cache(maxsize=4096)
def _table(path: Path, sha256: str) -> pa.Table:
    """A table whose bytes have this hash; the caller has just compared them."""
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError(f"{path.name} changed while it was read")
    return pq.ParquetFile(io.BytesIO(data)).read(use_threads=False)


def _one_after_another(recordings: tuple[Sealed, ...], name: str, columns: Sequence[str] | None) -> pa.Table:
    """The rows of all recordings. Runs are named after theirs, and what counts goes on from one to the next."""
    pieces, next_block, next_place, next_stratum = [], 0, 0, 0
    for recording in recordings:
        table, runs = recording.table(name, columns), recording.runs
        named = pc.binary_join_element_wise(recording.folder.name, table["run_id"], "/")
        table = _with(table, "run_id", named)
        starts = {"block": next_block, "replicate": next_block, "position": next_place, "stratum": next_stratum}
        for column, start in starts.items():
            if column in table.column_names:
                table = _with(table, column, pc.add(table[column], start))
        pieces.append(table)
        next_block += pc.max(runs["block"]).as_py() + 1
        next_place += pc.max(runs["position"]).as_py() + 1
        next_stratum += len(recording.manifest.get("strata", ())) + 1
    return pa.concat_tables(pieces, promote_options="default").unify_dictionaries()


def _with(table: pa.Table, column: str, values: pa.ChunkedArray) -> pa.Table:
    """The table with other values in a column, of the type that it has."""
    place = table.column_names.index(column)
    kind = table.schema.field(place)
    return table.set_column(place, kind, values.cast(kind.type))


def sealed_datasets(root: Path) -> Iterator[Sealed | Examined]:
    """Every dataset below ``root``, recordings before the versions that list them, or what is wrong with it."""
    recordings: dict[Path, Sealed] = {}
    paths = plain_files(root, MANIFEST)
    for path in sorted(paths, key=lambda path: (path.parent.parent, path.parent.name[:1] != "r", path)):
        try:
            opened = list(_open(path, root, recordings))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            opened = [Examined(path.relative_to(root).as_posix(), "it is no manifest of a dataset")]
        recordings |= {found.folder: found for found in opened if isinstance(found, Sealed)}
        yield from opened


def _open(path: Path, root: Path, recordings: Mapping[Path, Sealed]) -> Iterator[Sealed | Examined]:
    place = path.relative_to(root).as_posix()
    data = path.read_bytes()
    manifest = json.loads(data)
    name = path.parent.name if manifest.get("recording") else f"v{manifest['version']}"
    label, files = f"{manifest['study']}/{name}", _files(manifest)
    listed = [(str(entry["name"]), str(entry["digest"])) for entry in manifest.get("recordings", ())]
    if not all(NAME.fullmatch(name) for name in (*files, *(name for name, _ in listed))):
        yield Examined(place, "it names a file outside of its folder")
        return
    hashes = tuple((str(name), str(entry["sha256"])) for name, entry in files.items())
    if _canonical(manifest) != data:
        yield Examined(place, "it is not canonical JSON, so its hash identifies nothing")
        return
    parts = {name: recordings.get(path.parent.parent / name) for name, _ in listed}
    wrong = [problem for name, _ in hashes if (problem := _damage(path.parent / name, files[name]))]
    wrong += [problem for name, digest in listed if (problem := _missing(name, parts[name], digest, manifest))]
    wrong += [f"it lists the recording {name} twice" for name in parts if [one for one, _ in listed].count(name) > 1]
    complete = [one for one in parts.values() if one is not None]
    wrong += _unlike(complete, manifest) if complete and len(complete) == len(parts) and not wrong else []
    wrong += [] if manifest.get("schema_version") in TABLES else ["its schema is none that this verifier knows"]
    for problem in wrong:
        yield Examined(place, problem)
    if not wrong:
        found = tuple(filter(None, parts.values()))
        whole = together(manifest, [one.manifest for one in found]) if found else manifest
        yield Sealed(path.parent, label, hashlib.sha256(data).hexdigest(), hashes, whole, found)


def _files(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    """The files that belong to a manifest: all tables of its schema and the file of a meter where there is one, or none
    where it lists recordings."""
    if "recordings" in manifest:
        return {}
    files: Mapping[str, Any] = manifest["files"]
    tables = set(files) - {METER}
    if tables != TABLES.get(manifest["schema_version"], tables):
        raise ValueError("files")
    return files


def _missing(name: str, recording: Sealed | None, digest: str, version: Mapping[str, Any]) -> str | None:
    """What is wrong with a recording that a version lists."""
    if recording is None:
        return f"it lists the recording {name}, which is not there or is damaged"
    if recording.digest != digest:
        return f"the recording {name} has the digest {recording.digest[:12]}…, not {digest[:12]}…"
    for field_name in ("study", "profile"):
        if recording.manifest[field_name] != version[field_name]:
            return f"the recording {name} is of another {field_name}"
    return None


def _unlike(recordings: Sequence[Sealed], version: Mapping[str, Any]) -> Iterator[str]:
    """Which recordings of a version measured something else than its first one; its fingerprint is the last one's."""
    first, last = recordings[0], recordings[-1]
    for one in recordings:
        if _measured(one.manifest) != _measured(first.manifest):
            yield f"the recording {one.folder.name} measured something else"
    if last.manifest["fingerprint"] != version["fingerprint"]:
        yield f"the recording {last.folder.name} is of another fingerprint"


def _measured(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """A design without what is concluded and computed from it."""
    design: Mapping[str, Any] = manifest["design"]
    return {name: design[name] for name in design if name not in ("primaries", "metrics", "sessions", "logit_limits")}


def _canonical(manifest: object) -> bytes:
    text = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode() + b"\n"


def _damage(path: Path, entry: Mapping[str, Any]) -> str | None:
    if not is_plain(path):
        return f"{path.name} is absent, or no plain file"
    data = path.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != entry["sha256"]:
        return f"{path.name} has SHA-256 {found[:12]}…, the manifest says {entry['sha256'][:12]}…"
    if path.name == METER:
        return None if len(data) == entry.get("bytes") else f"{path.name} has not the size that the manifest says"
    try:
        stated = pq.read_metadata(io.BytesIO(data))
    except (pa.ArrowException, OSError) as error:
        return f"{path.name} is no Parquet file: {str(error).splitlines()[0]}"
    if sum(stated.row_group(group).total_byte_size for group in range(stated.num_row_groups)) > MOST_BYTES:
        return f"{path.name} unpacks to more than {MOST_BYTES >> 20} MiB"
    if len(data) != entry.get("bytes") or stated.num_rows != entry.get("rows"):
        return f"{path.name} has not the size or the rows that the manifest says"
    return None
