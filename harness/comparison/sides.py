"""The two datasets that are compared, and the cells that both have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..datasets.catalog import STUDY_NAME, find, recording_number, version_number
from ..datasets.read import Dataset
from ..datasets.schema import MANIFEST
from ..datasets.stored_design import declared_matrix
from ..errors import UsageError

Cell = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Sides:
    """An older dataset and a newer one that vary the same factors."""

    old: Dataset
    new: Dataset

    def cells(self) -> tuple[Cell, ...]:
        """The combinations of levels of both, in the order of the older one."""
        return tuple(dict.fromkeys((*cells(self.old), *cells(self.new))))


def opened(text: str, data: Path) -> Dataset:
    """A dataset by its label, such as ``tr108/v3`` or ``tr108/r0002``, or by its folder.

    Raises ``UsageError``, ``UnknownName`` and what opening a dataset raises.
    """
    study, _, name = text.partition("/")
    if STUDY_NAME.fullmatch(study) and (version_number(name) is not None or recording_number(name) is not None):
        return Dataset.open(find(data, study, name).path)
    if (Path(text) / MANIFEST).is_file():
        return Dataset.open(Path(text))
    raise UsageError(f"{text!r} is no dataset; write STUDY/VERSION, such as tr108/v3, or the folder of one")


def sides(old: str, new: str, data: Path) -> Sides:
    """Both datasets. Raises ``UsageError`` where they vary different factors, and as ``opened`` does."""
    found = Sides(opened(old, data), opened(new, data))
    varied = _factors(found.old), _factors(found.new)
    if varied[0] != varied[1]:
        raise UsageError(f"{old} varies {varied[0]} and {new} varies {varied[1]}: they cannot be compared")
    return found


def _factors(dataset: Dataset) -> str:
    return ", ".join(sorted(factor.name for factor in declared_matrix(dataset.manifest.design).factors))


def cells(dataset: Dataset) -> dict[Cell, None]:
    """The combinations of levels that were recorded, by the names of their factors."""
    names = sorted(name for name in dataset.runs.column_names if name.startswith("level."))
    rows: list[Mapping[str, Any]] = dataset.runs.select(names).to_pylist()
    return dict.fromkeys(tuple((name.removeprefix("level."), row[name]) for name in names) for row in rows)
