"""The primary contrasts that the sessions of a dataset sealed before they were recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..design import Primary
from .read import Dataset


@dataclass(frozen=True, slots=True)
class SealedPrimary:
    """A primary, and the sessions that count for it: those that were recorded with exactly this primary sealed."""

    primary: Primary
    sessions: tuple[str, ...]


def sealed_primaries(dataset: Dataset) -> tuple[SealedPrimary, ...]:
    """All primaries of a dataset, by id, each as the last session that has it declares it."""
    declared = [(one.session, _by_id(one.manifest.design)) for one in dataset.recordings]
    newest = {key: record for _, records in declared for key, record in records.items()}
    return tuple(
        SealedPrimary(
            Primary(**{**record, "where": tuple(record["where"].items())}),
            tuple(session for session, records in declared if records.get(key) == record),
        )
        for key, record in newest.items()
    )


def _by_id(design: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {record["id"]: record for record in design.get("primaries", ())}
