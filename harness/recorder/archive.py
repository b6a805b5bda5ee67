"""Datasets that travel: packed into one tar file, unpacked and proven before they are published elsewhere.

A pack holds ``<study>/v<N>/<file>`` and nothing else: the dataset and, where it names one, its calibration; of a
version that lists recordings, ``<study>/r<NNNN>/<file>`` before it. The same datasets give the same bytes. Whatever a
pack says is doubted: names, kinds and sizes first, then every hash. A dataset keeps its identity, its version and the
host that recorded it.
"""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ..datasets import catalog
from ..datasets.catalog import Ref
from ..datasets.read import Dataset
from ..datasets.recordings import read_folder, read_manifest
from ..datasets.schema import MANIFEST, SCHEMAS, file_names
from ..errors import DataError, DatasetCorrupt, UsageError, VersionExists
from .durable import advice, sync_path
from .staging import publish, staged

NAMES = frozenset({MANIFEST}).union(*map(file_names, SCHEMAS))
MOST_BYTES = 2 << 30
_CALIBRATION = "calibration"


@dataclass(frozen=True, slots=True)
class Packed:
    """What a pack holds, by label. ``absent`` is the digest of the calibration that is named but not here."""

    labels: tuple[str, ...]
    absent: str | None


@dataclass(frozen=True, slots=True)
class Imported:
    """A dataset of a pack. ``new`` is false where it was here already."""

    label: str
    digest: str
    new: bool


def pack(data_root: Path, ref: Ref, target: Path) -> Packed:
    """Writes ``ref`` and its calibration to ``target``, which appears whole or not at all.

    Raises ``UsageError`` where it cannot be, ``DataError`` where the disk fails.
    """
    _free(target)
    wanted = Dataset.open(ref.path).manifest.calibration
    calibrations = (*catalog.versions(data_root, _CALIBRATION), *catalog.recordings(data_root, _CALIBRATION))
    found = [one for one in calibrations if one.digest == wanted]
    folders = list(dict.fromkeys(folder for one in (*found, ref) for folder in _folders(one)))
    try:
        with staged(target.parent) as stage:
            with tarfile.open(stage / target.name, "x", format=tarfile.USTAR_FORMAT) as archive:
                for folder in folders:
                    for name in sorted(name for name in NAMES if (folder / name).exists()):
                        _add(archive, folder / name, f"{folder.parent.name}/{folder.name}/{name}")
            sync_path(stage / target.name)
            _free(target)
            (stage / target.name).rename(target)
            sync_path(target.parent)
    except OSError as error:
        raise DataError(f"cannot write {target}: {advice(error)}") from error
    return Packed(tuple(f"{folder.parent.name}/{folder.name}" for folder in folders), None if found else wanted)


def _folders(ref: Ref) -> list[Path]:
    """The folders of a version: those of the recordings that it lists, then its own."""
    return list(dict.fromkeys([*(one.folder for one in read_folder(ref.path)[1]), ref.path]))


def _free(target: Path) -> None:
    if target.exists():
        raise UsageError(f"{target} exists already; name a file that does not")
    if not target.parent.is_dir():
        raise UsageError(f"there is no folder {target.parent}; make it first, or name a file elsewhere")


def _add(archive: tarfile.TarFile, path: Path, name: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = path.stat().st_size
    entry.mode = 0o644
    with path.open("rb") as file:
        archive.addfile(entry, file)


def unpack(source: Path, data_root: Path) -> tuple[Imported, ...]:
    """Publishes every dataset of a pack under ``data_root``; all are proven before the first appears.

    Raises ``UsageError`` for what is no pack, ``DatasetCorrupt`` for one that is damaged or dishonest,
    ``VersionExists`` where another dataset has the name, ``DataError`` where the disk fails. None of them leaves
    anything behind.
    """
    try:
        with staged(data_root) as stage, _opened(source) as archive:
            labels = _extract(archive, stage, source)
            found = [_proven(stage / label, label) for label in sorted(labels, key=_lists_others)]
            taken = {label: _existing(data_root, label, digest) for label, digest in found}
            for label, _ in found:
                if not taken[label]:
                    _publish(stage / label, data_root / label)
            return tuple(Imported(label, digest, not taken[label]) for label, digest in found)
    except OSError as error:
        raise DataError(f"cannot import {source}: {advice(error)}") from error


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        archive = tarfile.open(source, "r:")  # noqa: SIM115 closed by the with below, which the errors of opening must not enter
    except FileNotFoundError:
        raise UsageError(f"there is no {source}; name the file that `harness export` wrote") from None
    except (tarfile.TarError, IsADirectoryError, ValueError):
        raise UsageError(f"{source} is no plain tar file; name the file that `harness export` wrote") from None
    with archive:
        yield archive


def _extract(archive: tarfile.TarFile, stage: Path, source: Path) -> Sequence[str]:
    """The labels of the datasets in a pack, its calibration first; every member is a plain file of a known name."""
    left, labels = MOST_BYTES, dict[str, None]()
    try:
        for member in archive:
            label, _, name = member.name.rpartition("/")
            study, _, version = label.partition("/")
            named = catalog.version_number(version) or catalog.recording_number(version)
            known = catalog.STUDY_NAME.fullmatch(study) and named and name in NAMES
            if not known or not member.isreg() or member.issparse() or member.size < 0:
                raise _dishonest(source, f"{member.name!r} has no place in it")
            left -= member.size
            if left < 0:
                raise _dishonest(source, f"it unpacks to more than {MOST_BYTES >> 30} GiB")
            content, path = archive.extractfile(member), stage / label / name
            if content is None or path.exists():
                raise _dishonest(source, f"{member.name!r} is there twice")
            labels[label] = None
            _write(content, path)
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise _dishonest(source, f"it cannot be read: {error}") from None
    if not labels:
        raise UsageError(f"{source} holds no dataset; name the file that `harness export` wrote")
    return list(labels)


def _write(content: IO[bytes], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        shutil.copyfileobj(content, file)
    sync_path(path)


def _proven(folder: Path, label: str) -> tuple[str, str]:
    dataset = Dataset.open(folder)
    if dataset.label != label:
        raise DatasetCorrupt(f"what is packed as {label} says that it is {dataset.label}; fetch it again")
    return label, dataset.digest


def _lists_others(label: str) -> bool:
    """Versions come after the recordings that they may list."""
    return catalog.recording_number(label.rpartition("/")[2]) is None


def _existing(data_root: Path, label: str, digest: str) -> bool:
    """Whether the dataset is here already. Raises ``VersionExists`` where another one has its name."""
    place = data_root / label
    if not (place / MANIFEST).exists():
        if place.is_symlink() or place.is_file() or (place.is_dir() and any(place.iterdir())):
            raise VersionExists(f"{place} is taken by something that is no dataset; move it, or use another --data")
        return False
    if read_manifest(place).digest != digest:
        raise VersionExists(
            f"{place} is another dataset; import into a data folder of its own with --data, "
            "or have it sealed where it was recorded under a number that is free here: harness seal --version"
        )
    return True


def _publish(stage: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    publish(stage, target)


def _dishonest(source: Path, what: str) -> DatasetCorrupt:
    return DatasetCorrupt(f"{source} is no honest pack of datasets: {what}; fetch it again from whoever recorded it")
