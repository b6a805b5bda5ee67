"""What the executor asks of a worker: one run, complete and self-contained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..design import Planned, Profile, RunSettings, Study, Value, Workload
from ..events import Scalar
from ..models import Model
from . import Deadlines
from .envelope import Envelope

READ_RATE = "read_bandwidth"
"""The metric by which a study asks each run how fast memory is copied and read."""


@dataclass(frozen=True, slots=True)
class RunSpec:
    """One run. ``requested`` are its settings by name, as they are recorded; ``settings`` are the same, typed.

    ``models`` are those that the registry does not have, by the name that a server's settings give them.
    ``engine_logs`` is where the logs of its engines begin, without the end of their names, and empty where none is
    wanted. ``agreed`` is what each server accepts, by its name, and ``preflight`` what was found of them, as facts.
    ``scored`` asks for the accuracy after the requests, and
    ``reads_memory`` for the rates at which memory is copied and read.
    """

    study: str
    run_id: str
    cell_id: str
    replicate: int
    block: int
    position: int
    requested: dict[str, Value]
    settings: RunSettings
    workload: Workload
    max_tokens: int
    deadlines: Deadlines
    engine_logs: str
    envelope: Envelope | None = None
    scored: bool = False
    reads_memory: bool = False
    agreed: dict[str, dict[str, Value]] = field(default_factory=dict)
    preflight: dict[str, Scalar] = field(default_factory=dict)
    models: dict[str, Model] = field(default_factory=dict)

    @property
    def seed(self) -> int:
        """The seed of the first request of the run, or of each of its tasks."""
        asked = self.settings.requests.seed
        return self.workload.seed if asked is None else asked

    def engine_log(self, server: str) -> Path | None:
        """The log of a server's engine."""
        return Path(f"{self.engine_logs}{server and '.'}{server}.log") if self.engine_logs else None


def run_spec(
    study: Study,
    profile: Profile,
    planned: Planned,
    engine_logs: str,
    envelope: Envelope | None = None,
    models: Mapping[str, Model] | None = None,
) -> RunSpec:
    """The spec of one planned run. Raises ``StudyError`` where its settings cannot be those of a run.

    Where the study has gates, the first replicate of each cell is scored: accuracy does not vary between replicates.
    The conditions of a cell may ask otherwise.
    """
    settings = study.run_settings(planned.cell)
    asked = settings.conditions
    return RunSpec(
        study=study.id,
        run_id=planned.run_id,
        cell_id=planned.cell.id,
        replicate=planned.replicate,
        block=planned.block,
        position=planned.position,
        requested={"backend": study.backend, **study.settings(planned.cell)},
        settings=settings,
        workload=study.workload,
        max_tokens=settings.requests.max_tokens or profile.max_tokens or study.workload.max_tokens,
        deadlines=_deadlines(profile),
        engine_logs=engine_logs,
        envelope=envelope,
        scored=planned.replicate == 0 and (bool(study.gates) if asked.accuracy is None else asked.accuracy),
        reads_memory=READ_RATE in study.metrics if asked.memory_rates is None else asked.memory_rates,
        models=dict(models or {}),
    )


def _deadlines(profile: Profile) -> Deadlines:
    """A request may wait in the server's queue for as long as it may take: queueing is a fact, not a failure."""
    total = profile.request_timeout_s or profile.run_timeout_s / 2
    return Deadlines(first_byte_s=total, gap_s=min(total, profile.gap_timeout_s), total_s=total)
