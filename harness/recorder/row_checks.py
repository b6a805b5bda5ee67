"""What is proven of the rows of each table, batch by batch."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..canonical_json import canonical_json
from ..datasets.manifest import Manifest
from ..datasets.schema import LEVEL_PREFIX
from ..design import Planned
from ..events import Phase
from ..outcomes import Code, Missing, Status

Row = Mapping[str, Any]
_SCALAR = (str, int, float, bool, type(None))


class Context:
    """What one table is proven with: the manifest, the plan, and what the tables before it hold."""

    def __init__(self, manifest: Manifest, planned: Mapping[str, Planned]) -> None:
        self.manifest = manifest
        self.planned = planned
        self.runs: list[pa.RecordBatch] = []
        self.first_engine: dict[str, tuple[Any, ...] | None] = {}


class Check(Protocol):
    """Checks the batches of one table in their order. Raises ``ValueError`` that says what is wrong."""

    def batch(self, batch: pa.RecordBatch) -> None: ...

    def end(self) -> None: ...


class Runs:
    """Each run is a planned one, with its levels; the outcomes are as counted."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._outcomes: Counter[str] = Counter()
        self._position = -1
        self._stratum = 0

    def batch(self, batch: pa.RecordBatch) -> None:
        for row in batch.to_pylist():
            self._row(row)
        self._context.runs.append(batch.select(["run_id", "cell_id", "position"]))

    def _row(self, row: Row) -> None:
        run = row["run_id"]
        item = self._context.planned.get(run)
        if item is None:
            raise ValueError(f"the run {run!r} is not one that its design plans")
        place = (item.cell.id, item.replicate, item.block, item.position)
        if (row["cell_id"], row["replicate"], row["block"], row["position"]) != place:
            raise ValueError(f"the run {run} is not at the place that its design plans")
        _in_order(self._position, item.position, run)
        for name, level in item.cell.levels:
            stored = row[LEVEL_PREFIX + name]
            if stored != level or isinstance(stored, bool) != isinstance(level, bool):
                raise ValueError(f"the run {run} has another level of {name} than its cell")
        stratum = row["stratum"]
        if stratum is None or not self._stratum <= stratum <= len(self._context.manifest.strata):
            raise ValueError(f"the run {run} is of a stratum that the manifest does not have")
        _outcome(row, run)
        _times(row, run, may_lack=self._context.manifest.imported is not None)
        _objects(row, ("requested", "facts"), run)
        _texts(row, "flags", run)
        engine = tuple(row[name] for name in ("engine", "engine_version", "load_ns", "effective"))
        if any(part is None for part in engine) != all(part is None for part in engine):
            raise ValueError(f"the run {run} says half of what its engine was")
        if row["effective"] is not None:
            _objects(row, ("effective",), run)
        self._context.first_engine[run] = engine if row["engine"] is not None else None
        self._outcomes[row["outcome"]] += 1
        self._position, self._stratum = item.position, stratum

    def end(self) -> None:
        said = {status: count for status, count in self._context.manifest.outcomes.items() if count}
        if dict(self._outcomes) != said:
            raise ValueError(f"its outcomes are {_counted(self._outcomes)}, the manifest says {_counted(said)}")


class _OfRuns:
    """Rows that belong to runs, in the order of these."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._last = (-1, -1)

    def batch(self, batch: pa.RecordBatch) -> None:
        for row in batch.to_pylist():
            run = row["run_id"]
            item = self._context.planned.get(run)
            if item is None or run not in self._context.first_engine:
                raise ValueError(f"a row belongs to the run {run!r}, which is not there")
            if (row["cell_id"], row["position"]) != (item.cell.id, item.position):
                raise ValueError(f"a row of the run {run} is of another cell or place")
            self._row(row, run)

    def _row(self, row: Row, run: str) -> None:
        raise NotImplementedError

    def _ordered(self, row: Row, name: str, run: str) -> None:
        """Rows are sorted by the run's position and by ``name``, which never repeats."""
        now = (row["position"], _number(row, name, run))
        if now <= self._last:
            raise ValueError(f"the {name} of the run {run} is not in order, or there twice")
        self._last = now

    def end(self) -> None:
        """Nothing is left to say."""


class Requests(_OfRuns):
    """Each request has an outcome, a phase, and as many arrivals as counts of tokens."""

    def _row(self, row: Row, run: str) -> None:
        self._ordered(row, "request_index", run)
        where = f"request {row['request_index']} of the run {run}"
        _outcome(row, where)
        _word(row, "phase", _PHASES, where)
        _objects(row, ("effective",), where)
        arrivals, tokens = row["arrivals_ns"], row["tokens"]
        if arrivals is None or tokens is None or len(arrivals) != len(tokens) or None in arrivals or None in tokens:
            raise ValueError(f"{where} has arrivals and counts of tokens that do not go together")
        if any(count < 0 for count in tokens):
            raise ValueError(f"{where} has a count of tokens below zero")
        for name in ("prompt_id", "text"):
            if row[name] is None:
                raise ValueError(f"{where} has no {name}")


class Readings:
    """Each reading belongs to a run and has a value or the reason why it is missing.

    Most rows of a dataset are readings, so whole columns are compared.
    """

    def __init__(self, context: Context) -> None:
        self._runs = pa.Table.from_batches(context.runs).combine_chunks() if context.runs else None
        self._last = (-1, 0)

    def batch(self, batch: pa.RecordBatch) -> None:
        column = {name: batch.column(name) for name in batch.schema.names}
        if self._runs is None:
            raise ValueError("there are readings, and no runs")
        place = pc.index_in(column["run_id"], value_set=self._runs["run_id"])
        if place.null_count:
            raise ValueError("a reading belongs to a run which is not there")
        for name in ("cell_id", "position"):
            known = self._runs[name].take(place)
            if not pc.all(pc.equal(column[name].cast(known.type), known), skip_nulls=False).as_py():
                raise ValueError(f"a reading has another {name} than its run")
        for name in ("probe", "quantity", "unit", "at_ns"):
            if column[name].null_count:
                raise ValueError(f"a reading has no {name}")
        if pc.any(pc.equal(pc.is_null(column["value"]), pc.is_null(column["missing"]))).as_py():
            raise ValueError("a reading has neither a value nor the reason why, or both")
        if not _MISSING.issuperset(pc.unique(column["missing"].drop_null()).to_pylist()):
            raise ValueError("a reading is missing for a reason that is none")
        self._in_order(column["position"].to_numpy(), column["at_ns"].to_numpy())

    def _in_order(self, positions: np.ndarray, times: np.ndarray) -> None:
        if not len(positions):
            return
        position, at = np.append(self._last[0], positions), np.append(self._last[1], times)
        later = np.diff(position) > 0
        if not np.all(later | ((np.diff(position) == 0) & (np.diff(at) >= 0))):
            raise ValueError("the readings are not in the order of their runs and times")
        self._last = (int(position[-1]), int(at[-1]))

    def end(self) -> None:
        """Nothing is left to say."""


class Engines(_OfRuns):
    """Each server is there once, and the first is the one that the run names."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._seen: set[tuple[str, str]] = set()
        self._first: set[str] = set()

    def _row(self, row: Row, run: str) -> None:
        now = (row["position"], 0)
        if now < self._last:
            raise ValueError(f"the engines of the run {run} are not in order")
        self._last = now
        _objects(row, ("effective",), f"an engine of the run {run}")
        if row["server"] is None or (run, row["server"]) in self._seen:
            raise ValueError(f"two engines of the run {run} are the same server")
        self._seen.add((run, row["server"]))
        engine = tuple(row[name] for name in ("engine", "engine_version", "load_ns", "effective"))
        if run not in self._first and engine != self._context.first_engine[run]:
            raise ValueError(f"the first engine of the run {run} is not the one that the run names")
        self._first.add(run)

    def end(self) -> None:
        named = {run for run, engine in self._context.first_engine.items() if engine is not None}
        if missing := named - self._first:
            raise ValueError(f"the engine of the run {min(missing)} is not there")


class Tasks(_OfRuns):
    """Each task has an index of its own and an outcome."""

    def _row(self, row: Row, run: str) -> None:
        self._ordered(row, "task", run)
        _outcome(row, f"task {row['task']} of the run {run}")


CHECKS: Mapping[str, Callable[[Context], Check]] = {
    "runs": Runs,
    "requests": Requests,
    "readings": Readings,
    "engines": Engines,
    "tasks": Tasks,
}
"""The checks by table; ``runs`` comes first."""

_STATUSES, _CODES = frozenset(Status), frozenset(Code)
_PHASES, _MISSING = frozenset(Phase), frozenset(Missing)


def _in_order(before: int, now: int, run: str) -> None:
    if now <= before:
        raise ValueError(f"the run {run} is there twice, or not in the order of the plan")


def _outcome(row: Row, where: str) -> None:
    _word(row, "outcome", _STATUSES, where)
    if (row["outcome"] == Status.OK) != (row["outcome_code"] is None):
        raise ValueError(f"{where} has a code exactly when it is not ok; this one has not")
    if row["outcome_code"] is not None:
        _word(row, "outcome_code", _CODES, where)
    if row["outcome_detail"] is None:
        raise ValueError(f"{where} has no detail of its outcome")


def _times(row: Row, run: str, *, may_lack: bool) -> None:
    """When a run began and how long it took; the file of another tool may not say."""
    for name in ("started_unix_ns", "duration_ns"):
        if (row[name] is None and not may_lack) or (row[name] is not None and row[name] < 0):
            raise ValueError(f"the run {run} has no {name}")


def _word(row: Row, name: str, known: frozenset[Any], where: str) -> None:
    if row[name] not in known:
        raise ValueError(f"{where} has the {name} {str(row[name])[:60]!r}, which is none")


def _number(row: Row, name: str, run: str) -> int:
    found = row[name]
    if not isinstance(found, int):
        raise ValueError(f"a row of the run {run} has no {name}")  # noqa: TRY004 a null in a column of integers
    return found


def _objects(row: Row, names: tuple[str, ...], where: str) -> None:
    for name in names:
        _object(row[name], name, where, _SCALAR)


def _texts(row: Row, name: str, where: str) -> None:
    _object(row[name], name, where, (str,))


def _object(text: str | None, name: str, where: str, kinds: tuple[type, ...]) -> None:
    """A canonical JSON object of scalars of these kinds."""
    if text in _KNOWN:
        return
    try:
        found = json.loads(text or "")
        good = isinstance(found, dict) and canonical_json(found).decode() == text
    except (ValueError, RecursionError):
        good = False
    if not good or not all(isinstance(value, kinds) for value in found.values()):
        raise ValueError(f"{where} has {name} that are no canonical JSON object of plain values")


_KNOWN = frozenset({"{}"})


def _counted(outcomes: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {status}" for status, count in sorted(outcomes.items())) or "none"
