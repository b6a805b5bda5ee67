"""The dataset under audit, with what several rules read from it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ...datasets.read import Dataset
from ...datasets.schema import LEVEL_PREFIX
from ...datasets.stored_design import declared_matrix
from ...design import Factor, Value
from ...events import Scalar
from ...metrics.runs import RunValues, per_runs
from ...outcomes import USABLE
from ..request_table import RequestTable

METRICS = ("ttft", "tpot", "decode_tps", "output_tokens", "schedule_delay", "cache_hit_tokens")
TESTED = ("ttft", "tpot")
"""Metrics whose behaviour over the session is tested; a decode rate is the inverse of the time per token."""


@dataclass(frozen=True)
class RunRow:
    """One run, its JSON columns read."""

    run_id: str
    cell_id: str
    block: int
    position: int
    outcome: str
    code: str | None
    levels: dict[str, Value]
    requested: dict[str, Scalar]
    effective: dict[str, Scalar]
    flags: dict[str, str]
    facts: dict[str, Scalar]

    @property
    def usable(self) -> bool:
        return self.outcome in USABLE


@dataclass(frozen=True)
class Subject:
    """``data`` is the folder of datasets, where the calibration is looked for."""

    dataset: Dataset
    data: Path
    requests: RequestTable

    @cached_property
    def runs(self) -> tuple[RunRow, ...]:
        """All runs in session order."""
        rows = sorted(self.dataset.runs.to_pylist(), key=lambda row: int(row["position"]))
        return tuple(_row(row) for row in rows)

    @cached_property
    def values(self) -> dict[str, RunValues]:
        """The audited metrics of every run."""
        return per_runs(self.dataset.runs, self.requests.prepared, METRICS)

    def cells_by_host(self, values: RunValues) -> list[str]:
        """The cell of each run, apart for each host: that another host is slower is no drift."""
        hosts = self.dataset.hosts
        sessions = [str(run).rpartition("/")[0] for run in values.columns["run_id"]]
        cells = values.columns["cell_id"]
        return [f"{cell} {hosts.get(session)}" for cell, session in zip(cells, sessions, strict=True)]

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """The declared factors with only the levels that were recorded, in order."""
        found = []
        for factor in declared_matrix(self.dataset.manifest.design).factors:
            seen = tuple(dict.fromkeys(run.levels[factor.name] for run in self.runs))
            if len(seen) > 1:
                found.append(factor)
        return tuple(found)


def _row(row: dict[str, Any]) -> RunRow:
    return RunRow(
        run_id=row["run_id"],
        cell_id=row["cell_id"],
        block=row["block"],
        position=row["position"],
        outcome=row["outcome"],
        code=row["outcome_code"],
        levels={name.removeprefix(LEVEL_PREFIX): row[name] for name in row if name.startswith(LEVEL_PREFIX)},
        requested=_json(row["requested"]),
        effective=_json(row["effective"]),
        flags=_json(row["flags"]),
        facts=_json(row["facts"]),
    )


def _json(text: str | None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text or "{}")
    return found
