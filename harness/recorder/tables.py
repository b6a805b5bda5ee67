"""Runs as the tables of ``datasets.schema``; deterministic, so that a journal always seals to the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

import pyarrow as pa

from ..canonical_json import canonical_json
from ..datasets.schema import LEVEL_PREFIX, SCHEMA_VERSION, stored_schema
from ..datasets.stored_design import declared_matrix
from ..design import Cell
from ..events import Counters, Reading, Request, Run, Scalar, Started, Task
from ..outcomes import Outcome

Row = dict[str, Any]

_COUNTERS = tuple(field.name for field in fields(Counters))


class Tables:
    """Builds tables for the cells of one design (``Study.canonical``)."""

    def __init__(self, design: Mapping[str, object]) -> None:
        matrix = declared_matrix(design)
        self._factors = matrix.factors
        self._cells = {cell.id: cell for cell in matrix.cells()}

    def build(self, runs: Mapping[str, Run], stratum_of: Mapping[str, int]) -> dict[str, pa.Table]:
        """The tables by name, sorted by position. Raises ``ValueError`` for what the schema cannot hold."""
        ordered = sorted(runs.values(), key=lambda run: (run.position, run.run_id))
        rows = {
            "runs": [self._run(run, stratum_of[run.run_id]) for run in ordered],
            "requests": [row for run in ordered for row in _requests(run)],
            "readings": [row for run in ordered for row in _readings(run)],
            "engines": [row for run in ordered for row in _engines(run)],
            "tasks": [row for run in ordered for row in _tasks(run)],
        }
        schemas = {name: stored_schema(name, SCHEMA_VERSION, self._factors) for name in rows}
        try:
            return {name: pa.Table.from_pylist(rows[name], schema=schemas[name]) for name in rows}
        except (pa.ArrowException, OverflowError, TypeError) as error:
            raise ValueError(f"a run does not fit the dataset's schema: {error}") from error

    def _run(self, run: Run, stratum: int) -> Row:
        cell = self._cells.get(run.cell_id)
        if cell is None:
            raise ValueError(f"run {run.run_id!r} is of cell {run.cell_id!r}, which the design does not have")
        return {
            "run_id": run.run_id,
            "cell_id": run.cell_id,
            "replicate": run.replicate,
            "block": run.block,
            "position": run.position,
            "stratum": stratum,
            **_outcome(run.outcome),
            "started_unix_ns": run.started_unix_ns,
            "duration_ns": run.duration_ns,
            **(_engine(run.started) if run.started else {}),
            "requested": _json(run.requested),
            "facts": _json(run.facts),
            "flags": _json(run.flags),
            **self._levels(cell),
        }

    def _levels(self, cell: Cell) -> Row:
        levels = cell.settings
        return {LEVEL_PREFIX + f.name: levels[f.name] for f in self._factors}


def _requests(run: Run) -> Iterator[Row]:
    for request in sorted(run.requests, key=lambda request: request.index):
        yield {**of_run(run), **_request_row(request)}


def _request_row(request: Request) -> Row:
    """The row of a request, without its run. Raises ``ValueError`` for one that contradicts itself."""
    if len(request.arrivals_ns) != len(request.tokens):
        raise ValueError(f"request {request.index} has arrivals and token counts of different length")
    return {
        "request_index": request.index,
        "phase": request.phase.value,
        "prompt_id": request.prompt_id,
        "stream": request.stream,
        **_outcome(request.outcome),
        "planned_ns": request.planned_ns,
        "connect_ns": request.connect_ns,
        "sent_ns": request.sent_ns,
        "first_byte_ns": request.first_byte_ns,
        "end_ns": request.end_ns,
        "arrivals_ns": request.arrivals_ns,
        "tokens": request.tokens,
        **{f"engine_{name}": getattr(request.counters, name) for name in _COUNTERS},
        "effective": _json(request.effective),
        "finish_reason": request.finish_reason,
        "text": request.text,
        "server": request.server or None,
        "task": request.task,
        "turn": request.turn,
    }


def _engines(run: Run) -> Iterator[Row]:
    _distinct([engine.server for engine in run.engines], f"two engines of run {run.run_id!r} are the same server")
    for engine in run.engines:
        yield {**of_run(run), "server": engine.server, **_engine(engine)}


def _distinct(names: Sequence[object], otherwise: str) -> None:
    if len(set(names)) < len(names):
        raise ValueError(otherwise)


def _engine(engine: Started) -> Row:
    return {
        "engine": engine.engine,
        "engine_version": engine.engine_version,
        "load_ns": engine.load_ns,
        "effective": _json(engine.effective),
    }


def _tasks(run: Run) -> Iterator[Row]:
    _distinct([task.index for task in run.tasks], f"two tasks of run {run.run_id!r} have the same index")
    for task in sorted(run.tasks, key=lambda task: task.index):
        yield {**of_run(run), **_task(task)}


def _task(task: Task) -> Row:
    return {
        "task": task.index,
        "agent": task.agent,
        "language": task.language,
        "server": task.server,
        **_outcome(task.outcome),
        "planned_ns": task.planned_ns,
        "started_ns": task.started_ns,
        "ended_ns": task.ended_ns,
        "ingested_files": task.ingested_files,
        "ingested_bytes": task.ingested_bytes,
        "text": task.text,
        "phase": task.phase.value,
        "round": task.round,
        "startup_ns": task.startup_ns,
        "peak_rss_bytes": task.peak_rss_bytes,
        "threads": task.threads,
        "wait_ns": task.wait_ns,
        "cpu_ns": task.cpu_ns,
        "context_switches": task.context_switches,
    }


def _readings(run: Run) -> Iterator[Row]:
    for reading in sorted(run.readings, key=lambda reading: reading.at_ns):
        yield {**of_run(run), **_reading(reading)}


def _reading(reading: Reading) -> Row:
    if (reading.value is None) != (reading.missing is not None):
        raise ValueError(f"reading {reading.quantity!r} must have either a value or a reason why it is missing")
    return {
        "probe": reading.probe,
        "quantity": reading.quantity,
        "unit": reading.unit,
        "at_ns": reading.at_ns,
        "value": reading.value,
        "missing": reading.missing.value if reading.missing else None,
    }


def of_run(run: Run) -> Row:
    """The columns that say which run a row belongs to."""
    return {"run_id": run.run_id, "cell_id": run.cell_id, "position": run.position}


def _outcome(outcome: Outcome) -> Row:
    return {
        "outcome": outcome.status.value,
        "outcome_code": outcome.code.value if outcome.code else None,
        "outcome_detail": outcome.detail,
    }


def _json(settings: Mapping[str, Scalar]) -> str:
    return canonical_json(dict(settings)).decode()
