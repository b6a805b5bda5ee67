"""Proves the rows of a recording against its manifest: what is planned, counted, related and encoded there.

A hash proves that bytes are those that somebody sealed, and not that a recorder wrote them. What is proven here is what
follows from the manifest: the design has the fingerprint, every run is one that the plan has (id, cell, block, place,
levels), the outcomes are counted, every row belongs to a run, every word is of its vocabulary and every object is
canonical JSON.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq

from ..canonical_json import sha256
from ..datasets.recordings import Recording, corrupt
from ..datasets.schema import MANIFEST, METER, file_name, tables
from ..datasets.stored_design import planned_runs
from ..design import Planned
from ..errors import StudyError
from .row_checks import CHECKS, Context

MOST_ROWS = 5_000_000
_BATCH = 4096
_CALIBRATION = re.compile(r"[0-9a-f]{64}")
_METER_HEADER, _METER_LINE = b"timestamp,watts", re.compile(rb'"?[0-9T:.+Z -]{1,40}"?,"?[0-9.]{1,20}"?')
_JOURNAL = re.compile(r"[0-9a-f]{32}")


def prove(recording: Recording) -> None:
    """Raises ``DatasetCorrupt`` that names the file and what in it does not follow."""
    planned = _prove_manifest(recording)
    context = Context(recording.manifest, planned)
    for table in tables(recording.manifest.schema_version):
        path = recording.folder / file_name(table)
        try:
            check = CHECKS[table](context)
            for batch in _batches(recording, table):
                check.batch(batch)
            check.end()
        except ValueError as error:
            if isinstance(error, pa.ArrowException):
                raise corrupt(path, f"it cannot be decoded: {_first_line(error)}") from None
            raise corrupt(path, str(error)) from None
        except OSError as error:
            raise corrupt(path, f"it cannot be decoded: {_first_line(error)}") from None
    if METER in recording.manifest.files:
        _prove_meter(recording)


def _prove_meter(recording: Recording) -> None:
    """The file of a meter is a table of plain text, of as many samples as the manifest says."""
    path = recording.folder / METER
    header, *samples = path.read_bytes().removeprefix(BOM_UTF8).splitlines() or [b""]
    if header != _METER_HEADER or not all(map(_METER_LINE.fullmatch, samples)):
        raise corrupt(path, "it is no table of times and watts")
    if len(samples) != recording.manifest.files[METER].rows:
        said = recording.manifest.files[METER].rows
        raise corrupt(path, f"it has {len(samples)} samples, the manifest says {said}")


def _batches(recording: Recording, table: str) -> Iterator[pa.RecordBatch]:
    with pq.ParquetFile(recording.folder / file_name(table)) as file:
        if file.metadata.num_rows > MOST_ROWS:
            raise ValueError(f"it has {file.metadata.num_rows} rows; more than {MOST_ROWS} are not imported")
        rows = 0
        for batch in file.iter_batches(_BATCH, use_threads=False):
            rows += batch.num_rows
            yield batch
    if rows != recording.manifest.files[file_name(table)].rows:
        raise ValueError(
            f"{rows} rows can be read, the manifest says {recording.manifest.files[file_name(table)].rows}"
        )


def _prove_manifest(recording: Recording) -> dict[str, Planned]:
    """The planned runs by id. Raises ``DatasetCorrupt`` where the manifest contradicts itself."""
    manifest, path = recording.manifest, recording.folder / MANIFEST
    if sha256(manifest.design) != manifest.fingerprint:
        raise corrupt(path, "its fingerprint is not that of its design")
    try:
        planned = planned_runs(manifest)
    except (StudyError, ValueError) as error:
        raise corrupt(path, f"its design plans no runs: {_first_line(error)}") from None
    if len(planned) != manifest.planned_runs or manifest.recorded_runs > len(planned):
        raise corrupt(path, f"its design plans {len(planned)} runs, it says {manifest.planned_runs}")
    if [stratum.number for stratum in manifest.strata] != [*range(1, len(manifest.strata) + 1)]:
        raise corrupt(path, "its strata are not numbered one by one")
    if not _is_time(manifest.created) or not _is_time((manifest.session or {}).get("ended", manifest.created)):
        raise corrupt(path, "it does not say when it was recorded")
    if not _JOURNAL.fullmatch(manifest.journal_id) or not _CALIBRATION.fullmatch(manifest.calibration or "0" * 64):
        raise corrupt(path, "its journal or its calibration has no proper identity")
    return {item.run_id: item for item in planned}


def _is_time(said: object) -> bool:
    """Whether it is a time of ISO 8601 with its zone."""
    try:
        return datetime.fromisoformat(str(said)).tzinfo is not None
    except ValueError:
        return False


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
