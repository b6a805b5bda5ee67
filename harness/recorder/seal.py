"""Turns a journal into an immutable dataset: a version ``<data root>/<study>/v<N>/`` or a recording ``r<NNNN>``."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ..datasets import catalog
from ..datasets.manifest import FileEntry, Manifest, Scalar, Stratum
from ..datasets.read import Dataset
from ..datasets.recordings import read_manifest
from ..datasets.schema import MANIFEST, METER, SCHEMA_VERSION, file_name
from ..datasets.sealed_list import LIST, read_list
from ..errors import DataError, RunsFailed, UsageError, VersionExists
from ..events import Reading, Run
from .contents import Contents, contents
from .durable import advice, sync_path
from .enlist import enlist
from .recover import read
from .staging import publish, staged, study_folder
from .tables import Tables


@dataclass(frozen=True, slots=True)
class Metered:
    """What an external meter read of runs, by their ids, and the bytes and number of samples of its file."""

    readings: Callable[[Collection[Run]], Mapping[str, tuple[Reading, ...]]]
    file: bytes
    samples: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """A version (or, with the number 0, a recording) that now exists; ``digest`` is its identity."""

    path: Path
    version: int
    digest: str


def seal(
    journal: Path,
    data_root: Path,
    *,
    supersedes_reason: str | None = None,
    replaces: int | None = None,
    version: int | None = None,
    partial: bool = False,
    meter: Metered | None = None,
) -> Sealed:
    """Seals the committed runs of ``journal`` as ``version``, or as the next free one.

    ``partial`` permits planned runs to be missing; ``meter`` read the runs, too, and its file is sealed with them;
    ``supersedes_reason`` declares that this version replaces ``replaces``, or the highest one below it. The same
    journal, with the same file of a meter, gives the same bytes, which are read back before they are published.
    Raises ``UsageError`` for an incomplete journal, ``RunsFailed`` where no run is usable, ``VersionExists``,
    ``JournalCorrupt``, ``DataError`` where the disk fails; none of them leaves anything behind.
    """
    check_reason(supersedes_reason, replaces)
    found = _sealable(journal, partial)
    further = meter.readings(found.runs.values()) if meter else {}
    for name, readings in further.items():
        found.runs[name] = replace(found.runs[name], readings=found.runs[name].readings + readings)
    folder = study_folder(data_root, found.header.study)
    with _disk_errors(journal), staged(folder) as stage:
        files = _write_tables(found, stage)
        if meter:
            files[METER] = _write_file(meter.file, stage / METER, meter.samples)

        def manifest() -> Manifest:
            number = version or next_free(folder, catalog.version_number)
            refuse_sealed(data_root, found)
            if version is not None:
                _refuse_taken(data_root, found.header.study, version)
            earlier = [ref.version for ref in catalog.versions(data_root, found.header.study)]
            replaced = superseded(found.header.study, earlier, number, supersedes_reason, replaces)
            declared = {"version": number, "supersedes": replaced, "supersedes_reason": supersedes_reason}
            return manifest_of(found, files, declared)

        return publish_next(stage, folder, manifest, again=version is None)


def seal_recording(journal: Path, data_root: Path, session: Mapping[str, Scalar], *, partial: bool = False) -> Sealed:
    """Seals the committed runs of ``journal`` as the next recording of its study; ``session`` is what it found.

    A recording belongs to the versions that list it (see ``versions.publish_version``). Raises as ``seal`` does.
    """
    found = _sealable(journal, partial)
    folder = study_folder(data_root, found.header.study)
    with _disk_errors(journal), staged(folder) as stage:
        files = _write_tables(found, stage)

        def manifest() -> Manifest:
            name = f"r{next_free(folder, catalog.recording_number):04d}"
            refuse_sealed(data_root, found)
            return manifest_of(found, files, {"version": 0, "recording": name, "session": dict(session)})

        return publish_next(stage, folder, manifest, again=True)


def publish_next(stage: Path, folder: Path, manifest: Callable[[], Manifest], *, again: bool) -> Sealed:
    """Publishes under the name that ``manifest`` gives; where that is taken meanwhile, ``again`` under the next.

    ``manifest`` takes the number first and only then looks whether the journal is sealed: another process that seals
    the same journal after the look needs the same number, and one of the two finds it taken.
    """
    while True:
        made = manifest()
        write_manifest(made.to_bytes(), stage)
        Dataset.open(stage)
        try:
            publish(stage, folder / made.name)
        except VersionExists:
            if not again:
                raise
        else:
            enlist(folder.parent, made.label, made.digest, made.created)
            return Sealed(folder / made.name, made.version, made.digest)


def check_reason(reason: str | None, replaces: int | None) -> None:
    if reason is None and replaces is not None:
        raise UsageError(f"nothing says why v{replaces} is replaced; give the reason with --supersedes")
    if reason is not None and not (reason.strip() and reason.isprintable()):
        raise UsageError("the reason for superseding is empty or no plain line of text; say it in one line")


@contextmanager
def _disk_errors(journal: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DataError(f"cannot seal {journal}, which is intact: {advice(error)}") from error


def _sealable(journal: Path, partial: bool) -> Contents:
    found = contents(read(journal).records)
    if found is None or not found.runs:
        raise RunsFailed(f"{journal} holds no runs to seal; run the study first")
    header = found.header
    if not catalog.STUDY_NAME.fullmatch(header.study):
        raise UsageError(f"a dataset cannot be named {header.study!r}; rename the study to lower case and hyphens")
    if found.missing and not partial:
        raise UsageError(
            f"{len(found.missing)} of {len(header.planned)} planned runs of {header.study} are not recorded; "
            "run the same command again to complete them, or seal with --partial"
        )
    if not any(run.outcome.usable for run in found.runs.values()):
        codes = Counter(str(run.outcome.code) for run in found.runs.values())
        raise RunsFailed(
            f"none of {len(found.runs)} runs of {header.study} is usable "
            f"({', '.join(f'{n} {code}' for code, n in codes.most_common(3))}); see `harness doctor`"
        )
    return found


def _write_tables(found: Contents, stage: Path) -> dict[str, FileEntry]:
    tables = Tables(found.header.design).build(found.runs, found.stratum_of)
    return {file_name(name): write_table(table, stage / file_name(name)) for name, table in tables.items()}


def write_table(table: pa.Table, path: Path) -> FileEntry:
    pq.write_table(table, path, compression="zstd", compression_level=9, row_group_size=2**16)
    sync_path(path)
    return _entry(path.read_bytes(), table.num_rows)


def _write_file(data: bytes, path: Path, rows: int) -> FileEntry:
    path.write_bytes(data)
    sync_path(path)
    return _entry(data, rows)


def _entry(data: bytes, rows: int) -> FileEntry:
    return FileEntry(sha256=hashlib.sha256(data).hexdigest(), bytes=len(data), rows=rows)


def write_manifest(data: bytes, stage: Path) -> None:
    """Writes the bytes of a manifest, durably."""
    path = stage / MANIFEST
    path.write_bytes(data)
    sync_path(path)


def next_free(folder: Path, number_of: Callable[[str], int | None]) -> int:
    """One above every name that ``number_of`` knows and that is in use, or once was; an empty folder does not count."""
    before = [label.partition("/") for label in read_list(folder.parent / LIST)]
    taken = [0, *(number_of(name) or 0 for study, _, name in before if study == folder.name)]
    for path in folder.iterdir():
        number = number_of(path.name)
        if number is not None and (path.is_symlink() or not path.is_dir() or any(path.iterdir())):
            taken.append(number)
    return max(taken) + 1


def _refuse_taken(data_root: Path, study: str, number: int) -> None:
    """Raises ``VersionExists`` where the number that the caller asks for is in use, or once was."""
    used = any(ref.version == number for ref in catalog.versions(data_root, study))
    if used or f"{study}/v{number}" in read_list(data_root / LIST):
        raise VersionExists(f"{study}/v{number} exists already; a version is never replaced, seal as the next one")


def refuse_sealed(data_root: Path, found: Contents) -> None:
    """Raises ``VersionExists`` where as much of the journal is sealed already, as a version or as a recording."""
    study = found.header.study
    for ref in catalog.sealed(data_root, study):
        manifest = read_manifest(ref.path)
        if manifest.journal_id == found.header.journal_id and manifest.recorded_runs >= len(found.runs):
            enlist(data_root, ref.label, ref.digest, manifest.created)
            raise VersionExists(f"this journal is already sealed as {ref.label}; use that one")


def superseded(study: str, versions: list[int], number: int, reason: str | None, replaces: int | None) -> int | None:
    """The version that ``number`` replaces; none without a reason. Raises ``UsageError`` where there is none."""
    if reason is None:
        return None
    below = [version for version in versions if version < number]
    if not below:
        raise UsageError(f"{study} has no earlier version to supersede; seal without a reason")
    if replaces is not None and replaces not in below:
        raise UsageError(f"{study} has no v{replaces} below v{number}; it has: {_names(below)}")
    return replaces or max(below)


def _names(versions: list[int]) -> str:
    return ", ".join(f"v{number}" for number in sorted(versions))


def manifest_of(found: Contents, files: dict[str, FileEntry], declared: Mapping[str, Any]) -> Manifest:
    """The manifest of ``found``; ``declared`` says which version or recording it is."""
    header = found.header
    return Manifest(
        **declared,
        schema_version=SCHEMA_VERSION,
        study=header.study,
        title=header.title,
        profile=header.profile,
        fingerprint=header.fingerprint,
        design=header.design,
        only={name: list(levels) for name, levels in header.only.items()},
        journal_id=header.journal_id,
        order_seed=header.order_seed,
        calibration=header.calibration,
        code=header.code,
        environment=header.environment,
        strata=[
            Stratum(number=s.number, reason=s.reason, environment=s.environment, code=s.code) for s in found.strata
        ],
        models=list(header.models),
        outcomes=dict(sorted(Counter(run.outcome.status.value for run in found.runs.values()).items())),
        planned_runs=len(header.planned),
        created=header.created,
        files=files,
    )
