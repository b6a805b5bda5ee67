"""Publishes what is in a pack, after a process with limits has proven every dataset of it.

Whatever a pack says is doubted. The process that reads it may use little memory and time, and can only fill a hidden
folder; this one moves what was proven to its place. A dataset keeps its identity, its version and the hosts that
recorded it. Every machine begins with ``r0001``: a recording that travels alone takes the next free name where its own
is taken.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..datasets import catalog
from ..datasets.recordings import read_manifest
from ..datasets.schema import MANIFEST
from ..datasets.sealed_list import LIST, Entry, read_list
from ..errors import ChildFailed, DataError, VersionExists
from ..processes.child import Child, python
from .durable import advice
from .enlist import enlist, refuse_other
from .pack_members import bad_pack, opened
from .prover import REFUSALS, Order, Proof, Proven, cpu_s
from .seal import next_free
from .staging import publish, staged, study_folder

_HANGS_AFTER_S = 600
_SMALL = {"ARROW_DEFAULT_MEMORY_POOL": "system", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
"""Libraries that reserve much memory when they are imported do not; what is used is what counts."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A dataset of a pack, by its label here. ``new`` is false where it was here already."""

    label: str
    digest: str
    new: bool


def unpack(source: Path, data_root: Path) -> tuple[Imported, ...]:
    """Publishes every dataset of a pack under ``data_root``; all are proven before the first appears.

    Raises ``UsageError`` for what is no pack, ``DatasetCorrupt`` for one that is damaged, wrong or too much to
    prove, ``VersionExists`` where another dataset has the name, ``DataError`` where the disk fails. None of them leaves
    anything behind.
    """
    try:
        with opened(source), staged(data_root) as stage:
            found = _proven_apart(source, stage)
            imported: list[Imported] = []
            for proven in found:
                study_folder(data_root, proven.label.partition("/")[0])
                label = proven.label if proven.fixed else _free_label(data_root, proven, imported)
                imported.append(Imported(label, proven.digest, not _existing(data_root, label, proven.digest)))
            for proven, one in zip(found, imported, strict=True):
                if one.new:
                    _publish(stage / proven.label, data_root / one.label)
                enlist(data_root, one.label, one.digest, proven.created)
            return tuple(imported)
    except OSError as error:
        raise DataError(f"cannot import {source}: {advice(error)}") from error


def _proven_apart(source: Path, stage: Path) -> Sequence[Proven]:
    """What a process with limits says of the pack. Raises what it refuses the pack with."""
    with Child("the process that proves it", python("harness.recorder.prover"), environment=_SMALL) as child:
        child.send(Order(str(source.resolve()), str(stage), str(source)))
        try:
            proof = child.expect(Proof, _HANGS_AFTER_S)
        except ChildFailed as error:
            limit = f"{error} (it may use {cpu_s(source)} s of processor time)" if "SIGXCPU" in str(error) else error
            raise bad_pack(source, f"it cannot be proven: {limit}") from None
    if proof.kind:
        raise next(kind for kind in REFUSALS if kind.__name__ == proof.kind)(proof.refused)
    return proof.found


def _free_label(data_root: Path, proven: Proven, before: Sequence[Imported]) -> str:
    """Where a recording goes that no version of the pack lists: where it is already, to its own name, or the next."""
    study = proven.label.partition("/")[0]
    listed = read_list(data_root / LIST).items()
    taken = {label: entry.digest for label, entry in listed if catalog.recording_number(label.rpartition("/")[2])}
    unlisted = (name for name in catalog.recording_names(data_root, study) if f"{study}/{name}" not in taken)
    taken |= {f"{study}/{name}": read_manifest(data_root / study / name).digest for name in unlisted}
    taken |= {one.label: one.digest for one in before}
    known = [label for label, digest in taken.items() if digest == proven.digest]
    if known or proven.label not in taken:
        return known[0] if known else proven.label
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
        if catalog.version_number(place.name):
            way = "it sealed where it was recorded under a number that is free here: harness seal --version"
        else:
            way = "the recordings exported one by one, and make a version of them here: harness seal --sessions"
        raise VersionExists(where + way)
    return True


def _publish(stage: Path, target: Path) -> None:
    study_folder(target.parent.parent, target.parent.name).mkdir(exist_ok=True)
    publish(stage, target)
