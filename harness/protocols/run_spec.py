"""What the executor asks of a worker: one run, complete and self-contained."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import TypeAdapter

from ..design import Planned, Profile, Study, Value, Workload, level_key
from ..errors import StudyError
from . import Deadlines
from .envelope import Envelope


@dataclass(frozen=True, slots=True)
class RunSpec:
    """One run. ``settings`` are all settings of the cell (``Study.settings``) without the model and the backend.

    ``scored`` asks for the accuracy after the requests.
    """

    study: str
    run_id: str
    cell_id: str
    replicate: int
    block: int
    position: int
    backend: str
    model: str
    settings: dict[str, Value]
    workload: Workload
    max_tokens: int
    deadlines: Deadlines
    engine_log: str
    envelope: Envelope | None = None
    scored: bool = False

    def to_json(self) -> bytes:
        return _ADAPTER.dump_json(self)

    @staticmethod
    def from_json(data: bytes) -> RunSpec:
        return _ADAPTER.validate_json(data)


_ADAPTER: TypeAdapter[RunSpec] = TypeAdapter(RunSpec)


def run_spec(
    study: Study, profile: Profile, planned: Planned, engine_log: str, envelope: Envelope | None = None
) -> RunSpec:
    """The spec of one planned run. Raises ``StudyError`` where the study names no model.

    Where the study has gates, the first replicate of each cell is scored: accuracy does not vary between replicates.
    """
    settings = study.settings(planned.cell)
    model = settings.pop("model", None)
    backend = settings.pop("backend", study.backend)
    if not isinstance(model, str):
        raise StudyError(f"study {study.id!r} names no model ({level_key(model or '')}); add it as a factor or fix it")
    return RunSpec(
        study=study.id,
        run_id=planned.run_id,
        cell_id=planned.cell.id,
        replicate=planned.replicate,
        block=planned.block,
        position=planned.position,
        backend=str(backend),
        model=model,
        settings=settings,
        workload=study.workload,
        max_tokens=profile.max_tokens or study.workload.max_tokens,
        deadlines=Deadlines(total_s=profile.run_timeout_s / 2),
        engine_log=engine_log,
        envelope=envelope,
        scored=bool(study.gates) and planned.replicate == 0,
    )
