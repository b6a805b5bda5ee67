"""Publishes a version that lists recordings: more sessions make the next version, and nothing is copied."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from ..datasets import catalog
from ..datasets.catalog import Ref
from ..datasets.manifest import Listed, VersionManifest
from ..datasets.read import Dataset
from ..datasets.recordings import read_manifest
from ..datasets.schema import SCHEMA_VERSION
from ..errors import DataError, UsageError, VersionExists
from .durable import advice
from .enlist import enlist
from .seal import Sealed, check_reason, next_free, superseded, write_manifest
from .staging import publish, staged, study_folder


def publish_version(
    data_root: Path, recordings: Sequence[Ref], *, supersedes_reason: str | None = None, replaces: int | None = None
) -> Sealed:
    """The next version of a study: these recordings, in this order.

    All are opened and proven before the version appears. Raises ``UsageError`` where there is none or they are of
    several studies, ``VersionExists`` where a version lists the same, ``DatasetCorrupt`` where one is damaged or does
    not belong to the others, ``DataError``.
    """
    check_reason(supersedes_reason, replaces)
    studies = sorted({ref.study for ref in recordings})
    if len(studies) != 1:
        raise UsageError(f"a version lists recordings of one study, not of {', '.join(studies) or 'none'}")
    (study,) = studies
    folder, newest = study_folder(data_root, study), read_manifest(recordings[-1].path)
    try:
        with staged(folder) as stage:
            while True:
                number = next_free(folder, catalog.version_number)
                versions = _earlier(data_root, study, recordings)
                made = VersionManifest(
                    schema_version=SCHEMA_VERSION,
                    study=study,
                    version=number,
                    title=newest.title,
                    profile=newest.profile,
                    fingerprint=newest.fingerprint,
                    recordings=[Listed(name=ref.name, digest=ref.digest) for ref in recordings],
                    created=datetime.now(UTC).isoformat(timespec="seconds"),
                    supersedes=superseded(study, versions, number, supersedes_reason, replaces),
                    supersedes_reason=supersedes_reason,
                )
                write_manifest(made.to_bytes(), stage)
                digest = Dataset.open(stage).digest
                try:
                    publish(stage, folder / f"v{number}")
                except VersionExists:
                    continue
                enlist(data_root, f"{study}/v{number}", digest, made.created)
                return Sealed(folder / f"v{number}", number, digest)
    except OSError as error:
        raise DataError(f"cannot publish a version of {study}: {advice(error)}") from error


def _earlier(data_root: Path, study: str, recordings: Sequence[Ref]) -> list[int]:
    """The versions of a study. Raises ``VersionExists`` where one of them lists the same recordings."""
    refs = catalog.versions(data_root, study)
    for ref in refs:
        if ref.sessions == tuple(one.name for one in recordings):
            enlist(data_root, ref.label, ref.digest, read_manifest(ref.path).created)
            raise VersionExists(f"these recordings are published already as {ref.label}; use that version")
    return [ref.version for ref in refs]
