"""Opens a sealed dataset, after proving that it is the one that its manifest describes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ..errors import StudyError, UnknownName
from .manifest import FileEntry, Manifest
from .recordings import Recording, corrupt, read_folder
from .schema import ENGINES, MANIFEST, METER, SCHEMAS, TASKS, file_name, stored_schema, tables, upgraded
from .stored_design import declared_matrix

SESSION, HOST = "session", "host"
"""Columns of ``runs`` that no file holds: the recording and the machine of each run."""
SMALL = 1 << 18
"""Bytes of the files of a table, those of all recordings together, up to which it is decoded once and kept: to decode a
few columns of many small files takes longer than to choose them."""


class Dataset:
    """A sealed dataset; its tables are read when they are first asked for.

    The tables of a version that lists recordings are those of all recordings, one after another. A run's id then
    begins with its recording's name; ``block``, ``replicate``, ``position`` and ``stratum`` count on from recording to
    recording.
    """

    def __init__(self, path: Path, manifest: Manifest, recordings: Sequence[Recording] = ()) -> None:
        self.path = path
        self.manifest = manifest
        self.recordings = tuple(recordings) or (Recording(path, manifest),)
        self._kept: dict[str, pa.Table] = {}

    @classmethod
    def open(cls, path: Path, *, verify: bool = True) -> Self:
        """The dataset in the folder ``path``; ``verify`` re-hashes its files and checks their rows and columns.

        Raises ``DatasetCorrupt`` naming the file, ``SchemaUnknown``.
        """
        manifest, recordings = read_folder(path)
        for recording in recordings if verify else ():
            for table in tables(recording.manifest.schema_version):
                _verify(recording, table)
            if METER in recording.manifest.files:
                _verify_bytes(recording, METER)
        return cls(path, manifest, recordings)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the manifest, which names every file's hash: the dataset's identity."""
        return self.manifest.digest

    @property
    def label(self) -> str:
        """``tr108/v1``."""
        return self.manifest.label

    @property
    def hosts(self) -> dict[str, str | None]:
        """The machine of each session, by the session's name; ``None`` where it is not known."""
        return {one.session: one.host for one in self.recordings}

    @cached_property
    def runs(self) -> pa.Table:
        """One row per run."""
        return self.table("runs")

    @cached_property
    def requests(self) -> pa.Table:
        """One row per request."""
        return self.table("requests")

    @cached_property
    def readings(self) -> pa.Table:
        """One row per telemetry reading."""
        return self.table("readings")

    @cached_property
    def engines(self) -> pa.Table:
        """One row per engine that a run started."""
        return self.table("engines")

    @cached_property
    def tasks(self) -> pa.Table:
        """One row per task of an agent."""
        return self.table("tasks")

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """A table, or only ``columns`` of it, in their order. Raises ``UnknownName`` for other names."""
        if name not in tables():
            raise UnknownName("table", name, tables())
        if not self._is_small(name):
            return self._read(name, columns)
        if name not in self._kept:
            self._kept[name] = self._read(name, None)
        return self._kept[name] if columns is None else _chosen(self._kept[name], columns)

    def _is_small(self, name: str) -> bool:
        files = (recording.manifest.files.get(file_name(name)) for recording in self.recordings)
        return sum(file.bytes for file in files if file) <= SMALL

    def _read(self, name: str, columns: Sequence[str] | None) -> pa.Table:
        pieces = [self._piece(number, name, columns) for number in range(len(self.recordings))]
        return pieces[0] if len(pieces) == 1 else pa.concat_tables(pieces).unify_dictionaries()

    def _piece(self, number: int, name: str, columns: Sequence[str] | None) -> pa.Table:
        """The rows of one recording."""
        recording = self.recordings[number]
        found = _stored(recording, name, columns)
        if self.manifest.version and recording.manifest.recording:
            first = self._first[number]
            for column, change in _RENUMBERED.items():
                if column in found.schema.names:
                    place = found.schema.get_field_index(column)
                    found = found.set_column(place, found.schema.field(column), change(found[column], first))
        return found

    @cached_property
    def _first(self) -> list[dict[str, int | str]]:
        """The name of each recording, and the number that its blocks, positions and strata begin with."""
        found: list[dict[str, int | str]] = []
        block = position = stratum = 0
        for recording in self.recordings:
            found.append({"run_id": f"{recording.session}/", "block": block, "position": position, "stratum": stratum})
            stored = _stored(recording, "runs", ("block", "position"))
            block += 1 + (pc.max(stored["block"]).as_py() or 0)
            position += 1 + (pc.max(stored["position"]).as_py() or 0)
            stratum += 1 + len(recording.manifest.strata)
        return found


def _added(column: str) -> Callable[[pa.ChunkedArray, dict[str, int | str]], pa.ChunkedArray]:
    return lambda found, first: pc.add(found, pa.scalar(first[column], found.type))


_RENUMBERED = {
    "run_id": lambda found, first: pc.binary_join_element_wise(
        _repeated(str(first["run_id"]), len(found)), found.combine_chunks(), _repeated("", len(found))
    ),
    "block": _added("block"),
    "replicate": _added("block"),
    "position": _added("position"),
    "stratum": _added("stratum"),
}


def _stored(recording: Recording, name: str, columns: Sequence[str] | None) -> pa.Table:
    """A table of one recording as today's schema has it."""
    if name not in SCHEMAS[recording.manifest.schema_version]:
        found = _derived(recording, name)
    else:
        path = recording.folder / file_name(name)
        try:
            with pq.ParquetFile(path) as file:
                stored = None if columns is None else [one for one in columns if one in file.schema_arrow.names]
                found = file.read(columns=stored)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
            raise corrupt(path, f"it cannot be decoded: {_first_line(error)}") from None
    found = upgraded(found, name, columns)
    if name == "runs":
        for column, value in ((SESSION, recording.session), (HOST, recording.host)):
            if columns is None or column in columns:
                found = found.append_column(column, _repeated(value, found.num_rows))
    if columns is None:
        return found
    if any(column not in found.schema.names for column in columns):
        found = _stored(recording, name, None)
    return _chosen(found, columns)


def _chosen(found: pa.Table, columns: Sequence[str]) -> pa.Table:
    """Those columns of a whole table, in their order."""
    for column in columns:
        if column not in found.schema.names:
            raise UnknownName("column", column, found.schema.names)
    return found.select(list(columns))


def _repeated(text: str | None, rows: int) -> pa.Array:
    """A column that says the same in every row. Made of buffers: to convert a text, pyarrow would import pandas."""
    if text is None:
        return pa.nulls(rows, pa.string())
    data = text.encode()
    ends = (np.arange(rows + 1) * len(data)).astype(np.int32)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(ends), pa.py_buffer(data * rows))


def _derived(recording: Recording, name: str) -> pa.Table:
    """A table that the recording's version of the schema did not have yet."""
    if name == "tasks":
        return TASKS.empty_table()
    runs = _stored(recording, "runs", ("run_id", "cell_id", "position", *ENGINES.names[4:]))
    runs = runs.filter(pc.is_valid(runs["engine"]))
    runs = runs.add_column(3, "server", _repeated("", runs.num_rows))
    return runs.cast(ENGINES)


def _verify(recording: Recording, table: str) -> None:
    path, entry = _verify_bytes(recording, file_name(table))
    try:
        metadata = pq.read_metadata(path)
        schema = metadata.schema.to_arrow_schema()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        raise corrupt(path, f"it is no Parquet file: {_first_line(error)}") from None
    if metadata.num_rows != entry.rows or path.stat().st_size != entry.bytes:
        raise corrupt(path, f"it has {metadata.num_rows} rows, the manifest says {entry.rows}")
    if not schema.equals(_schema(recording, table)):
        raise corrupt(path, "its columns are not those of the schema")


def _verify_bytes(recording: Recording, name: str) -> tuple[Path, FileEntry]:
    """Where a file is and what the manifest says of it, once its bytes are those."""
    path, entry = recording.folder / name, recording.manifest.files[name]
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise corrupt(path, error.strerror or "it cannot be read") from None
    if found != entry.sha256:
        raise corrupt(path, f"its SHA-256 is {found[:12]}…, the manifest says {entry.sha256[:12]}…")
    return path, entry


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _schema(recording: Recording, table: str) -> pa.Schema:
    """What a table of the recording has to look like. The design is read for the one table that depends on it."""
    try:
        factors = declared_matrix(recording.manifest.design).factors if table == "runs" else ()
    except (ValueError, StudyError) as error:
        raise corrupt(recording.folder / MANIFEST, f"its design declares no matrix: {error}") from None
    return stored_schema(table, recording.manifest.schema_version, factors)
