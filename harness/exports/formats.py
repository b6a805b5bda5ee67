"""The forms that a dataset is exported in. Each appears whole at its place, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from ..datasets.catalog import Ref
from ..datasets.schema import MANIFEST
from ..errors import UsageError
from ..recorder.archive import Packed, pack
from ..recorder.staging import appearing
from . import croissant, csv_tables, ro_crate, statement, zenodo
from .sealed_dataset import SealedDataset


class Format(StrEnum):
    """``--as`` of ``harness export``."""

    ARCHIVE = "archive"
    CROISSANT = "croissant"
    RO_CRATE = "ro-crate"
    IN_TOTO = "in-toto"
    CSV = "csv"
    ZENODO = "zenodo"


_WRITERS: dict[Format, Callable[[SealedDataset, Path], None]] = {
    Format.CROISSANT: croissant.write,
    Format.RO_CRATE: ro_crate.write,
    Format.IN_TOTO: statement.write,
    Format.CSV: csv_tables.write,
}
ONE_FILE = frozenset({Format.ARCHIVE, Format.IN_TOTO})
"""The others are folders."""
_DECLARING = frozenset({Format.CROISSANT, Format.RO_CRATE, Format.ZENODO})


def export(data_root: Path, ref: Ref, target: Path, kind: Format) -> tuple[Packed | None, tuple[str, ...]]:
    """Writes ``ref`` to ``target``; gives what was packed, and what nobody declared and the format has a place for.

    Raises ``UsageError`` for a place among sealed datasets, and as ``appearing``, ``pack`` and ``SealedDataset.open``
    do.
    """
    _demand_apart(data_root, target)
    if kind is Format.ARCHIVE:
        return pack(data_root, ref, target), ()
    with appearing(target) as path:
        sealed = SealedDataset.open(data_root, ref)
        packed = None
        if kind is Format.ZENODO:
            path.mkdir()
            packed = pack(data_root, ref, path / zenodo.pack_name(sealed))
            zenodo.write(sealed, path)
        else:
            _WRITERS[kind](sealed, path)
    return packed, sealed.declared.absent if kind in _DECLARING else ()


def _demand_apart(data_root: Path, target: Path) -> None:
    """Refuses a place inside a sealed dataset or beside one, where it would pass for another."""
    place = target.parent.resolve()
    if data_root.resolve() in place.parents:
        for folder in (place, *place.glob("*")):
            if (folder / MANIFEST).is_file():
                raise UsageError(
                    f"{target} lies among the sealed datasets of {place}; name a place outside of {data_root}"
                )
