"""A proven dataset as exports see it: its files, its recordings, and what is said of it in a few words."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from ..datasets.catalog import Ref
from ..datasets.manifest import Code
from ..datasets.read import Dataset
from ..datasets.recordings import Recording
from ..datasets.schema import MANIFEST, METER, file_name, stored_schema, tables
from ..datasets.stored_design import declared_matrix
from ..design import Factor
from ..terminal import plain
from ..units import counted
from .bibtex import entry
from .columns import TABLES
from .declared import Declared, declared

SOFTWARE = "Bindery"


@dataclass(frozen=True, slots=True)
class SealedFile:
    """``name`` is its path in an export, such as ``tr108/v3/runs.parquet``; ``table`` is ``None`` for what is none."""

    name: str
    path: Path
    sha256: str
    bytes: int
    table: str | None

    @property
    def description(self) -> str:
        """What it holds, in a sentence."""
        if self.table:
            return TABLES[self.table]
        if self.path.name == METER:
            return "What an external power meter wrote, with the time and the watts of each sample."
        return "The manifest, which lists the hash of every file."

    def media_type(self, parquet: str) -> str:
        """``parquet`` for a table, which standards name differently."""
        if self.table:
            return parquet
        return "text/csv" if self.path.name == METER else "application/json"


@dataclass(frozen=True, slots=True)
class SealedDataset:
    """A dataset whose files were hashed, and what its project declares."""

    dataset: Dataset
    declared: Declared

    @classmethod
    def open(cls, data_root: Path, ref: Ref) -> SealedDataset:
        """Raises ``DatasetCorrupt``, ``SchemaUnknown``, and ``UsageError`` as ``declared`` does."""
        return cls(Dataset.open(ref.path), declared(data_root))

    @property
    def label(self) -> str:
        """``tr108/v3``."""
        return self.dataset.label

    @property
    def factors(self) -> Sequence[Factor]:
        return declared_matrix(self.dataset.manifest.design).factors

    def files(self) -> list[SealedFile]:
        """Every file: those of each recording, then the manifest of a version that lists them."""
        found = [file for recording in self.dataset.recordings for file in self.files_of(recording)]
        if self.dataset.path not in {recording.folder for recording in self.dataset.recordings}:
            found.append(self._manifest(self.dataset.path, self.dataset.digest))
        return found

    def files_of(self, recording: Recording) -> Iterator[SealedFile]:
        """The manifest and the tables of a recording, and the file of its meter."""
        yield self._manifest(recording.folder, recording.manifest.digest)
        for table in tables(recording.manifest.schema_version):
            entry = recording.manifest.files[file_name(table)]
            path = recording.folder / file_name(table)
            yield SealedFile(self._name(path), path, entry.sha256, entry.bytes, table)
        if METER in recording.manifest.files:
            entry, path = recording.manifest.files[METER], recording.folder / METER
            yield SealedFile(self._name(path), path, entry.sha256, entry.bytes, None)

    def schema(self, recording: Recording, table: str) -> pa.Schema:
        """The columns of a table as the recording stores them."""
        return stored_schema(table, recording.manifest.schema_version, self.factors)

    def copy(self, folder: Path) -> None:
        """Copies every file into ``folder``, which is then a data root of its own. Raises ``OSError``."""
        for file in self.files():
            target = folder / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file.path, target)

    @property
    def title(self) -> str:
        return f"{self.label}: {self.dataset.manifest.title}"

    @property
    def day(self) -> str:
        """When it was sealed, such as ``2026-11-24``."""
        return self.dataset.manifest.created[:10]

    @property
    def description(self) -> str:
        """What it holds, in two sentences."""
        manifest, sessions = self.dataset.manifest, len(self.dataset.recordings)
        outcomes = ", ".join(f"{number} {status}" for status, number in manifest.outcomes.items())
        return (
            f"Measurements of LLM inference: {manifest.title}. "
            f"{counted(manifest.recorded_runs, 'run')} of the profile {manifest.profile} ({outcomes}) in "
            f"{counted(sessions, 'session')}, with each request's token arrival times and telemetry, recorded and "
            f"sealed by {software(manifest.code)}."
        )

    @property
    def citation(self) -> list[str]:
        """How to cite it: BibTeX, line by line."""
        known = {
            "title": self.title,
            "author": " and ".join(self.declared.authors),
            "year": self.day[:4],
            "month": str(int(self.day[5:7])),
            "howpublished": f"Dataset, recorded with {software(self.dataset.manifest.code)}",
            "url": self.declared.url,
            "note": f"SHA-256 {self.dataset.digest}",
        }
        return entry("misc", self.label.replace("/", "-"), {name: plain(text) for name, text in known.items() if text})

    def _manifest(self, folder: Path, digest: str) -> SealedFile:
        path = folder / MANIFEST
        return SealedFile(self._name(path), path, digest, path.stat().st_size, None)

    def _name(self, path: Path) -> str:
        return f"{self.dataset.manifest.study}/{path.parent.name}/{path.name}"


def software(code: Code) -> str:
    """Name, version and revision of what recorded it."""
    revision = f", revision {code.revision}" if code.revision else ""
    return f"{SOFTWARE} {code.version}{revision}{' with uncommitted changes' if code.dirty else ''}"
