"""One sealed version of a dataset, as a page shows it."""

from __future__ import annotations

import hashlib
import posixpath
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from harness.datasets.manifest import Manifest
from harness.datasets.recordings import read_manifest
from harness.errors import DatasetCorrupt
from harness.outcomes import MISSING_SUFFIX, Missing

from ..caching.store import Store, key_of
from ..project import Project

MANIFEST = "manifest.json"
_VERSION = re.compile(r"v([1-9]\d{0,8})")


@dataclass(frozen=True, slots=True)
class Edition:
    """A dataset version on a page. ``local`` marks a recording that is not part of the published series."""

    folder: Path
    manifest: Manifest
    digest: str
    local: bool

    @property
    def label(self) -> str:
        return self.manifest.label

    @property
    def offered(self) -> list[str]:
        """The sealed files, also those of recordings that it lists, by their path below the study's folder."""
        files = (f"{self.folder.name}/{name}" for name in (MANIFEST, *self.manifest.files))
        return [posixpath.normpath(path) for path in files]

    @property
    def sessions(self) -> int:
        """How many sessions it was recorded in."""
        return sum(posixpath.basename(name) == "runs.parquet" for name in self.manifest.files)

    @property
    def several_hosts(self) -> bool:
        """Its sessions were recorded on machines that differ."""
        return self.manifest.environment.get("host_id" + MISSING_SUFFIX) == Missing.RECORDINGS_DIFFER

    @property
    def epoch(self) -> int:
        """When the dataset was sealed, in seconds since 1970."""
        return int(datetime.fromisoformat(self.manifest.created).timestamp())

    @property
    def date(self) -> str:
        return self.manifest.created[:10]


def versions(data: Path, study: str) -> tuple[str, ...]:
    """The sealed versions of a study under a data root, oldest first, such as ``("v1", "v2")``."""
    folder = data / study
    if not folder.is_dir():
        return ()
    sealed = (
        entry.name for entry in folder.iterdir() if _VERSION.fullmatch(entry.name) and (entry / MANIFEST).is_file()
    )
    return tuple(sorted(sealed, key=lambda name: int(name[1:])))


def prove(edition: Edition, store: Store) -> None:
    """Checks every sealed file against the manifest, again only where a file was touched since.

    Raises ``DatasetCorrupt`` naming the file.
    """
    paths = {name: edition.folder / name for name in sorted(edition.manifest.files)}
    try:
        touched = [[name, path.stat().st_size, path.stat().st_mtime_ns] for name, path in paths.items()]
    except FileNotFoundError as error:
        raise DatasetCorrupt(f"{edition.label}: {Path(error.filename).name} is gone; restore it") from None
    key = key_of(edition.digest, touched)
    if store.get("proved", key) is None:
        for name, path in paths.items():
            if hashlib.sha256(path.read_bytes()).hexdigest() != edition.manifest.files[name].sha256:
                raise DatasetCorrupt(f"{edition.label}: {name} differs from its manifest; restore it")
        store.put("proved", key, edition.label)


def open_edition(project: Project, study: str, version: str) -> Edition:
    """One version of a study. Raises ``DatasetCorrupt`` where its manifest is damaged."""
    folder = project.data / study / version
    manifest = read_manifest(folder)
    if manifest.label != f"{study}/{version}":
        raise DatasetCorrupt(f"{folder} holds {manifest.label}; move the folder to where its manifest says")
    return Edition(folder, manifest, manifest.digest, local=not project.committed)
