"""Datasets that travel: packed into one tar file, unpacked and proven before they are published elsewhere.

A pack holds ``<study>/v<N>/<file>`` and ``<study>/r<NNNN>/<file>`` and nothing else: a version with the recordings that
it lists, or one recording, and the calibrations that they name. The same datasets give the same bytes. Whatever a pack
says is doubted: names, kinds and sizes first, then every hash. A dataset keeps its identity, its version and the hosts
that recorded it. Every machine begins with ``r0001``: a recording that travels alone takes the next free name where its
own is taken.
"""

from __future__ import annotations

import itertools
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
from ..datasets.sealed_list import LIST, Entry, read_list
from ..errors import DataError, DatasetCorrupt, UsageError, VersionExists
from .durable import advice, sync_path
from .enlist import enlist, refuse_other
from .seal import next_free
from .staging import publish, staged

NAMES = frozenset({MANIFEST}).union(*map(file_names, SCHEMAS))
MOST_BYTES = 2 << 30
_CALIBRATION = "calibration"


@dataclass(frozen=True, slots=True)
class Packed:
    """What a pack holds, by label. ``absent`` are the digests of calibrations that are named but not here."""

    labels: tuple[str, ...]
    absent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """A dataset of a pack, by its label here. ``new`` is false where it was here already."""

    label: str
    digest: str
    new: bool


def pack(data_root: Path, ref: Ref, target: Path) -> Packed:
    """Writes ``ref`` and its calibrations to ``target``, which appears whole or not at all.

    Raises ``UsageError`` where it cannot be, ``DataError`` where the disk fails.
    """
    _free(target)
    named = [one.manifest.calibration for one in Dataset.open(ref.path).recordings]
    wanted = dict.fromkeys(digest for digest in named if digest is not None)
    found = [one for one in catalog.sealed(data_root, _CALIBRATION) if one.digest in wanted]
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
    absent = wanted.keys() - {one.digest for one in found}
    return Packed(tuple(f"{folder.parent.name}/{folder.name}" for folder in folders), tuple(sorted(absent)))


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
            labels = sorted(_extract(archive, stage, source), key=_is_version)
            found = [_proven(stage / label, label) for label in labels]
            listed = {one.folder for dataset in found for one in dataset.recordings if one.folder != dataset.path}
            imported: list[Imported] = []
            for dataset in found:
                fixed = dataset.path in listed or _is_version(dataset.label)
                label = dataset.label if fixed else _free_label(data_root, dataset, imported)
                imported.append(Imported(label, dataset.digest, not _existing(data_root, label, dataset.digest)))
            for dataset, one in zip(found, imported, strict=True):
                if one.new:
                    _publish(dataset.path, data_root / one.label)
                enlist(data_root, one.label, one.digest, dataset.manifest.created)
            return tuple(imported)
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
    """The labels of the datasets in a pack, in its order; every member is a plain file of a known name."""
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
    if not _ends(source):
        raise _dishonest(source, "it is cut short")
    if not labels:
        raise UsageError(f"{source} holds no dataset; name the file that `harness export` wrote")
    return list(labels)


def _ends(source: Path) -> bool:
    """Whether a tar file has its end; without it, one that is cut between two members reads like a whole one."""
    with source.open("rb") as file:
        file.seek(max(0, source.stat().st_size - 2 * tarfile.BLOCKSIZE))
        return not file.read().strip(b"\0")


def _write(content: IO[bytes], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        shutil.copyfileobj(content, file)
    sync_path(path)


def _proven(folder: Path, label: str) -> Dataset:
    """The dataset in a folder of a pack, which holds what its manifest names and nothing else."""
    dataset = Dataset.open(folder)
    if dataset.label != label:
        raise DatasetCorrupt(f"what is packed as {label} says that it is {dataset.label}; fetch it again")
    extra = {path.name for path in folder.iterdir()} - {MANIFEST, *dataset.manifest.files}
    if extra:
        raise DatasetCorrupt(f"what is packed as {label} has {min(extra)}, which its manifest lacks; fetch it again")
    return dataset


def _is_version(label: str) -> bool:
    """Whether a label is of a version: these come after the recordings that they may list."""
    return catalog.recording_number(label.rpartition("/")[2]) is None


def _free_label(data_root: Path, dataset: Dataset, before: Sequence[Imported]) -> str:
    """Where a recording goes that no version of the pack lists: where it is already, to its own name, or the next."""
    study = dataset.manifest.study
    taken = {label: entry.digest for label, entry in read_list(data_root / LIST).items() if not _is_version(label)}
    taken |= {ref.label: ref.digest for ref in catalog.recordings(data_root, study)}
    taken |= {one.label: one.digest for one in before}
    known = [label for label, digest in taken.items() if digest == dataset.digest]
    if known or dataset.label not in taken:
        return known[0] if known else dataset.label
    numbers = itertools.count(next_free(data_root / study, catalog.recording_number))
    return next(label for number in numbers if (label := f"{study}/r{number:04d}") not in taken)


def _existing(data_root: Path, label: str, digest: str) -> bool:
    """Whether the dataset is here already. Raises ``VersionExists`` where another one has its name."""
    place = data_root / label
    if not (place / MANIFEST).exists():
        if place.is_symlink() or place.is_file() or (place.is_dir() and any(place.iterdir())):
            raise VersionExists(f"{place} is taken by something that is no dataset; move it, or use another --data")
        refuse_other(read_list(data_root / LIST).get(label), Entry(label, digest, ""))
        return False
    if read_manifest(place).digest != digest:
        where = f"{place} is another dataset; import into a data folder of its own with --data, or have "
        if _is_version(label):
            way = "it sealed where it was recorded under a number that is free here: harness seal --version"
        else:
            way = "the recordings exported one by one, and make a version of them here: harness seal --sessions"
        raise VersionExists(where + way)
    return True


def _publish(stage: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    publish(stage, target)


def _dishonest(source: Path, what: str) -> DatasetCorrupt:
    return DatasetCorrupt(f"{source} is no honest pack of datasets: {what}; fetch it again from whoever recorded it")
