"""Opens a sealed dataset, after proving that it is the one that its manifest describes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from ..errors import DatasetCorrupt, SchemaUnknown, StudyError, UnknownName
from .manifest import Manifest
from .schema import MANIFEST, SCHEMA_VERSION, TABLES, file_name, runs_schema
from .stored_design import declared_matrix

ADVICE = "restore it from version control or from where it was published"


class Dataset:
    """A sealed dataset; its tables are read when they are first asked for."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path = path
        self.manifest = manifest

    @classmethod
    def open(cls, path: Path, *, verify: bool = True) -> Self:
        """The dataset in the folder ``path``; ``verify`` re-hashes its files and checks their rows and columns.

        Raises ``DatasetCorrupt`` naming the file, ``SchemaUnknown``.
        """
        dataset = cls(path, read_manifest(path))
        if verify:
            for table in TABLES:
                dataset._verify(table)
        return dataset

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the manifest, which names every file's hash: the dataset's identity."""
        return self.manifest.digest

    @property
    def label(self) -> str:
        """``tr108/v1``."""
        return self.manifest.label

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

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """A table, or only ``columns`` of it, in their order. Raises ``UnknownName`` for other names."""
        if name not in TABLES:
            raise UnknownName("table", name, TABLES)
        with pq.ParquetFile(self.path / file_name(name)) as file:
            known = file.schema_arrow.names
            if columns is None:
                return file.read()
            for column in columns:
                if column not in known:
                    raise UnknownName("column", column, known)
            return file.read(columns=list(columns)).select(list(columns))

    def _verify(self, table: str) -> None:
        name = file_name(table)
        path, entry = self.path / name, self.manifest.files[name]
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise _corrupt(path, error.strerror or "it cannot be read") from None
        if found != entry.sha256:
            raise _corrupt(path, f"its SHA-256 is {found[:12]}…, the manifest says {entry.sha256[:12]}…")
        metadata = pq.read_metadata(path)
        if metadata.num_rows != entry.rows or path.stat().st_size != entry.bytes:
            raise _corrupt(path, f"it has {metadata.num_rows} rows, the manifest says {entry.rows}")
        if not metadata.schema.to_arrow_schema().equals(self._schema(table)):
            raise _corrupt(path, "its columns are not those of the schema")

    def _schema(self, table: str) -> pa.Schema:
        if table != "runs":
            return TABLES[table]
        try:
            return runs_schema(declared_matrix(self.manifest.design).factors)
        except (ValueError, StudyError) as error:
            raise _corrupt(self.path / MANIFEST, f"its design declares no matrix: {error}") from None


def read_manifest(folder: Path) -> Manifest:
    """The manifest in ``folder``. Raises ``DatasetCorrupt``, ``SchemaUnknown``."""
    path = folder / MANIFEST
    try:
        data = path.read_bytes()
        _check_version(path, json.loads(data))
        manifest = Manifest.model_validate_json(data)
    except OSError as error:
        raise _corrupt(path, error.strerror or "it cannot be read") from None
    except (ValidationError, ValueError, RecursionError) as error:
        raise _corrupt(path, str(error).splitlines()[0]) from None
    if manifest.to_bytes() != data:
        raise _corrupt(path, "it is not canonical JSON")
    return manifest


def _check_version(path: Path, parsed: object) -> None:
    number = parsed.get("schema_version") if isinstance(parsed, dict) else None
    if not isinstance(number, int):
        raise _corrupt(path, "it states no schema version")
    if number != SCHEMA_VERSION:
        raise SchemaUnknown(f"{path} has schema version {number}, this version reads {SCHEMA_VERSION}; update Bindery")


def _corrupt(path: Path, what: str) -> DatasetCorrupt:
    return DatasetCorrupt(f"{path} is damaged: {what}; {ADVICE}")
