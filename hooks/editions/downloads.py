"""The sealed files as downloads: Parquet and manifest as they are, and each table but a very long one as CSV."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from harness.datasets.manifest import FileEntry
from harness.datasets.schema import METER

from ..caching.job import Job
from ..caching.store import Store, key_of
from .edition import MANIFEST, Edition

ORDER = ("runs", "requests", "readings", "engines", "tasks")
CSV_ROWS = 50_000
"""A table of more rows is offered as Parquet alone: 200,000 requests are 52 MB as CSV and 12 MB as Parquet."""


def downloads(store: Store, edition: Edition) -> dict[str, bytes | Path]:
    """The files that a page offers for a dataset, by their path below the study's folder, such as ``v1/runs.csv``.

    A version that lists recordings offers theirs. The jobs of ``csv_jobs`` make the CSV files.
    """
    offered: dict[str, bytes | Path] = {f"{edition.folder.name}/{MANIFEST}": edition.folder / MANIFEST}
    jobs = csv_jobs(edition)
    offered |= {f"{path.parent.name}/{METER}": path for path in _meters(edition)}
    for parquet, _ in _tables(edition):
        folder = parquet.parent.name
        offered[f"{folder}/{MANIFEST}"] = parquet.with_name(MANIFEST)
        offered[f"{folder}/{parquet.name}"] = parquet
        csv = f"{folder}/{parquet.stem}.csv"
        if csv in jobs:
            offered[csv] = jobs[csv].place(store)
    return offered


def by_folder(paths: Iterable[str]) -> dict[str, list[str]]:
    """The names of the files at ``paths`` by their folder."""
    found: dict[str, list[str]] = {}
    for folder, _, name in (path.partition("/") for path in paths):
        found.setdefault(folder, []).append(name)
    return found


def csv_jobs(edition: Edition) -> dict[str, Job]:
    """What makes the tables of a dataset as CSV files, by the same paths; very long and empty ones are left out."""
    return {
        f"{parquet.parent.name}/{parquet.stem}.csv": Job(
            "csv", key_of(2, entry.sha256), f"{__name__}:as_csv", (str(parquet),), ".csv"
        )
        for parquet, entry in _tables(edition)
        if 0 < entry.rows <= CSV_ROWS
    }


def _tables(edition: Edition) -> Iterator[tuple[Path, FileEntry]]:
    tables = {name: entry for name, entry in edition.manifest.files.items() if Path(name).name != METER}
    for name, entry in sorted(tables.items(), key=lambda item: ORDER.index(Path(item[0]).stem)):
        yield Path(os.path.normpath(edition.folder / name)), entry


def _meters(edition: Edition) -> Iterator[Path]:
    """The files of external meters."""
    for name in edition.manifest.files:
        if Path(name).name == METER:
            yield Path(os.path.normpath(edition.folder / name))


def as_csv(parquet: str) -> memoryview:
    """A sealed table, the file at that path, as CSV."""
    import pyarrow.parquet as pq

    from harness.datasets.csv_table import ROWS_AT_ONCE, write_csv

    stream = io.BytesIO()
    with pq.ParquetFile(parquet) as file:
        write_csv(file.schema_arrow, file.iter_batches(ROWS_AT_ONCE), stream)
    return stream.getbuffer()
