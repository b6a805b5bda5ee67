"""Unpacks a pack into a hidden folder and proves every dataset of it; a process of its own, with limits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from ..datasets import catalog
from ..datasets.read import Dataset
from ..datasets.recordings import ADVICE
from ..datasets.schema import MANIFEST
from ..errors import BinderyError, DataError, DatasetCorrupt, SchemaUnknown, UsageError
from ..processes.limits import limit
from ..processes.parent import Parent
from ..processes.parent_death import die_with_parent
from ..terminal import plain
from .durable import advice, sync_path
from .pack_members import MOST_BYTES, bad_pack, extract, opened
from .proof import prove

MEMORY_BYTES = 400 << 20
REFUSALS: tuple[type[BinderyError], ...] = (UsageError, DatasetCorrupt, SchemaUnknown, DataError)
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Order:
    """What to prove: the pack, the empty folder to fill, and the name by which its user knows it."""

    pack: str
    stage: str
    name: str


@dataclass(frozen=True, slots=True)
class Proven:
    """A dataset of a pack. ``fixed``: it keeps its name, being a version or listed by one."""

    label: str
    digest: str
    created: str
    fixed: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """All datasets of a pack, or the ``kind`` of error that it is ``refused`` with, and the words."""

    found: tuple[Proven, ...]
    kind: str = ""
    refused: str = ""


def cpu_s(pack: Path) -> int:
    """Seconds of processor time that a pack may cost: a few, and more for a larger file."""
    return 7 + pack.stat().st_size // (2 << 20)


def proven(pack: Path, stage: Path, name: Path) -> tuple[Proven, ...]:
    """Fills ``stage`` and proves it. Raises ``UsageError``, ``DatasetCorrupt``, ``SchemaUnknown``, ``OSError``."""
    with opened(pack) as file:
        labels = sorted(extract(file, stage, name), key=_is_version)
    found = [_proven(stage / label, label, name) for label in labels]
    for dataset in found:
        for path in sorted(dataset.path.iterdir()):
            sync_path(path)
    listed = {one.folder for dataset in found for one in dataset.recordings if one.folder != dataset.path}
    return tuple(
        Proven(one.label, one.digest, one.manifest.created, one.path in listed or _is_version(one.label))
        for one in found
    )


def proof(order: Order) -> Proof:
    """The same, whatever comes: an error is one line that names the user's file."""
    stage, name = Path(order.stage), Path(order.name)
    try:
        return Proof(proven(Path(order.pack), stage, name))
    except (MemoryError, pa.ArrowMemoryError):
        error: BinderyError = bad_pack(name, f"to prove it takes more than {MEMORY_BYTES >> 20} MiB of memory")
    except RecursionError:
        error = bad_pack(name, "it is nested too deeply")
    except BinderyError as refused:
        error = refused
    except OSError as failed:
        error = DataError(f"cannot import {name}: {advice(failed)}")
    words = str(error).replace(f"{stage}/", f"{name}: ").replace(ADVICE, "fetch it again from whoever recorded it")
    kept = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
    return Proof((), _kind(error), plain(kept))


def _kind(error: BinderyError) -> str:
    return next(kind.__name__ for kind in REFUSALS if isinstance(error, kind))


def _proven(folder: Path, label: str, name: Path) -> Dataset:
    """The dataset in a folder of a pack, which holds what its manifest names and nothing else."""
    dataset = Dataset.open(folder)
    if dataset.label != label:
        raise bad_pack(name, f"what is packed as {label} says that it is {dataset.label}")
    extra = {path.name for path in folder.iterdir()} - {MANIFEST, *dataset.manifest.files}
    if extra:
        raise bad_pack(name, f"what is packed as {label} has {min(extra)}, which its manifest lacks")
    if len(dataset.recordings) == 1 and dataset.recordings[0].folder == folder:
        prove(dataset.recordings[0])
    return dataset


def _is_version(label: str) -> bool:
    """Whether a label is of a version: these come after the recordings that they may list."""
    return catalog.recording_number(label.rpartition("/")[2]) is None


def _main() -> None:
    parent = Parent()
    order = parent.hear(Order)
    die_with_parent()
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    limit(memory_bytes=MEMORY_BYTES, cpu_s=cpu_s(Path(order.pack)), file_bytes=MOST_BYTES)
    parent.say(proof(order))


if __name__ == "__main__":
    _main()
