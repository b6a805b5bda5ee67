"""Seals what another tool measured. There is no journal: the file that is imported stays where it is.

Its requests wait in a spool and are written part by part, so that a file of any size takes little memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ..datasets import catalog
from ..datasets.manifest import FileEntry, Manifest
from ..datasets.schema import REQUESTS, file_name
from ..errors import RunsFailed
from ..events import Run
from .contents import Contents
from .durable import sync_path
from .records import Header
from .request_spool import SpooledRequests
from .seal import Sealed, manifest_of, next_free, publish_next, write_table
from .staging import staged, study_folder
from .tables import Tables

_LEVEL, _ROWS = 3, 1 << 16


@dataclass(frozen=True, slots=True)
class ImportedRun:
    """A run without requests of its own; ``requests`` wait in a spool. Times that the file does not say are not
    ``known``."""

    run: Run
    requests: SpooledRequests | None
    started_known: bool
    duration_known: bool


def seal_imported(header: Header, runs: Sequence[ImportedRun], data_root: Path) -> Sealed:
    """Publishes ``runs`` as the next version of their study.

    Raises ``RunsFailed`` where there is none, ``ValueError`` for what the schema cannot hold, ``DataError``,
    ``OSError`` where the disk fails; none of them leaves anything behind.
    """
    if not runs:
        raise RunsFailed(f"there is no run of {header.study} to seal")
    found = Contents(header)
    for one in runs:
        found.add(one.run)
    folder = study_folder(data_root, header.study)
    with staged(folder) as stage:
        files = _write_tables(found, runs, stage)

        def manifest() -> Manifest:
            return manifest_of(found, files, {"version": next_free(folder, catalog.version_number)})

        return publish_next(stage, folder, manifest, again=True)


def _write_tables(found: Contents, runs: Sequence[ImportedRun], stage: Path) -> dict[str, FileEntry]:
    tables = Tables(found.header.design).build(found.runs, found.stratum_of)
    tables["runs"] = _without_unknown(tables["runs"], runs)
    files = {file_name(name): write_table(table, stage / file_name(name)) for name, table in tables.items()}
    files[file_name("requests")] = _write_requests(runs, stage / file_name("requests"))
    return files


def _without_unknown(table: pa.Table, runs: Sequence[ImportedRun]) -> pa.Table:
    by_id = {one.run.run_id: one for one in runs}
    ordered = [by_id[run_id] for run_id in table["run_id"].to_pylist()]
    for column, values in (
        ("started_unix_ns", [one.run.started_unix_ns if one.started_known else None for one in ordered]),
        ("duration_ns", [one.run.duration_ns if one.duration_known else None for one in ordered]),
    ):
        place = table.schema.get_field_index(column)
        table = table.set_column(place, table.schema.field(place), pa.array(values, pa.int64()))
    return table


def _write_requests(runs: Sequence[ImportedRun], path: Path) -> FileEntry:
    rows = 0
    with pq.ParquetWriter(path, REQUESTS, compression="zstd", compression_level=_LEVEL) as writer:
        for one in sorted(runs, key=lambda one: one.run.position):
            for table in one.requests.tables(one.run) if one.requests else ():
                writer.write_table(table, row_group_size=_ROWS)
                rows += table.num_rows
    sync_path(path)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return FileEntry(sha256=digest, bytes=file.tell(), rows=rows)
