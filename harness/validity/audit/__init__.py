"""`harness audit`: the reasons to believe a dataset, each a rule with its evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

from ...datasets.read import Dataset
from ..request_table import RequestTable
from . import arms, instrument, order, record
from . import time as session
from .row import Row, Severity, Verdict, worst
from .subject import Subject

__all__ = ["RULES", "Row", "Severity", "Verdict", "audit", "objections", "worst"]


def calibrated(subject: Subject) -> Iterator[Row]:
    """Every session names a calibration of its own host and client that is here and passes its own audit."""
    return instrument.calibrated(subject, objections)


RULES: tuple[Callable[[Subject], Iterator[Row]], ...] = (
    record.complete,
    record.coverage,
    record.outcomes,
    record.requests,
    record.known_code,
    record.one_environment,
    record.bare_metal,
    record.declared_models,
    calibrated,
    instrument.undisturbed,
    order.blocked,
    order.randomised,
    session.no_drift,
    session.independent_runs,
    session.warm,
    session.sent_as_planned,
    arms.enough_runs,
    arms.equal_outputs,
    arms.levels_took_effect,
)


OF_IMPORTED: tuple[Callable[[Subject], Iterator[Row]], ...] = (
    record.imported,
    record.complete,
    record.outcomes,
    record.requests,
    arms.enough_runs,
)
"""What can be asked of the results of another tool: the rest is about how Bindery records."""


def audit(dataset: Dataset, data: Path, requests: RequestTable | None = None) -> tuple[Row, ...]:
    """Every rule's rows for ``dataset``; ``data`` is the folder in which its calibration is looked for, ``requests``
    what of the dataset is read already."""
    subject = Subject(dataset, data, requests or RequestTable(dataset))
    return tuple(row for rule in (OF_IMPORTED if dataset.manifest.imported else RULES) for row in rule(subject))


def objections(calibration: Dataset, data: Path) -> tuple[Row, ...]:
    """What the audit of a calibration finds that forbids it to vouch; empty where nothing does.

    It is found once for the same files, as every session of every dataset names a calibration.
    """
    files = (file for one in calibration.recordings for file in sorted(one.folder.iterdir()))
    stamps = tuple((file, (found := file.stat()).st_mtime_ns, found.st_size) for file in files)
    return _objections(calibration.path, data, calibration.digest, stamps)


@lru_cache(maxsize=64)
def _objections(path: Path, data: Path, digest: str, stamps: object) -> tuple[Row, ...]:  # noqa: ARG001 what it is of
    found = audit(Dataset.open(path, verify=False), data)
    return tuple(row for row in found if row.severity >= Severity.ERROR)
