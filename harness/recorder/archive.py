"""Datasets that travel: packed into one tar file, which ``unpack`` proves and publishes elsewhere.

A pack holds ``<study>/v<N>/<file>`` and ``<study>/r<NNNN>/<file>`` and nothing else: a version with the recordings that
it lists, or one recording, and the calibrations that they name. The same datasets give the same bytes.
"""

from __future__ import annotations

import tarfile
from dataclasses import dataclass
from pathlib import Path

from ..datasets import catalog
from ..datasets.catalog import Ref
from ..datasets.read import Dataset
from ..datasets.recordings import read_folder
from ..datasets.schema import MANIFEST, METER, SCHEMAS, file_names
from .staging import appearing

NAMES = frozenset({MANIFEST, METER}).union(*map(file_names, SCHEMAS))
"""The files that a dataset may have."""

_CALIBRATION = "calibration"


@dataclass(frozen=True, slots=True)
class Packed:
    """What a pack holds, by label. ``absent`` are the digests of calibrations that are named but not here."""

    labels: tuple[str, ...]
    absent: tuple[str, ...]


def pack(data_root: Path, ref: Ref, target: Path) -> Packed:
    """Writes ``ref`` and its calibrations to ``target``, which appears whole or not at all.

    Raises ``UsageError`` where it cannot be, ``DataError`` where the disk fails.
    """
    named = [one.manifest.calibration for one in Dataset.open(ref.path).recordings]
    wanted = dict.fromkeys(digest for digest in named if digest is not None)
    found = [one for one in catalog.sealed(data_root, _CALIBRATION) if one.digest in wanted]
    folders = list(dict.fromkeys(folder for one in (*found, ref) for folder in _folders(one)))
    with appearing(target) as path, tarfile.open(path, "x", format=tarfile.USTAR_FORMAT) as archive:
        for folder in folders:
            for name in sorted(name for name in NAMES if (folder / name).exists()):
                _add(archive, folder / name, f"{folder.parent.name}/{folder.name}/{name}")
    absent = wanted.keys() - {one.digest for one in found}
    return Packed(tuple(f"{folder.parent.name}/{folder.name}" for folder in folders), tuple(sorted(absent)))


def _folders(ref: Ref) -> list[Path]:
    """The folders of a version: those of the recordings that it lists, then its own."""
    return list(dict.fromkeys([*(one.folder for one in read_folder(ref.path)[1]), ref.path]))


def _add(archive: tarfile.TarFile, path: Path, name: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = path.stat().st_size
    entry.mode = 0o644
    with path.open("rb") as file:
        archive.addfile(entry, file)
