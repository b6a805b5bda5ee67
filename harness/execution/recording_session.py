"""Where one study's recording lives, and what its journal's header says."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from ..backends import BACKENDS
from ..canonical_json import canonical_json
from ..datasets.manifest import ModelEntry
from ..design import Cell, Planned, Profile, Study, Value, plan
from ..errors import UsageError
from ..models import Model, model, served_model
from ..probes import environment
from ..protocols import Foreign
from ..protocols.envelope import Envelope
from ..recorder.records import Header
from .code_revision import revision

Only = Mapping[str, tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Session:
    """One study, profile and narrowing, recorded under ``state`` by an instrument that ``envelope`` vouches for.

    ``models`` are those that the registry does not have, by name. With a ``block_seed`` it is one block of the study,
    in an order of its own: a session (see ``block.py``).
    """

    study: Study
    profile: Profile
    only: Only
    state: Path
    envelope: Envelope | None = None
    block_seed: int | None = None
    models: Mapping[str, Model] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """``tr108-quick``, with a short hash where the matrix is narrowed."""
        base = f"{self.study.id}-{self.profile.name}" + ("" if self.block_seed is None else "-block")
        if not self.only:
            return base
        return f"{base}-{Cell(tuple((k, canonical_json(list(v)).decode()) for k, v in sorted(self.only.items()))).id}"

    @property
    def folder(self) -> Path:
        return self.state / "journals" / self.name

    @property
    def journal(self) -> Path:
        return self.folder / "journal"

    def recorded(self) -> Path:
        """The journal. Raises ``UsageError`` where nothing was recorded yet."""
        if not self.journal.exists():
            raise UsageError(f"nothing is recorded for {self.name}; begin with: {self.command}")
        return self.journal

    @property
    def command(self) -> str:
        """What a person types to record or continue this session."""
        if self.block_seed is not None:
            return f"harness record {self.study.id}"
        return f"harness run {self.study.id} --profile {self.profile.name}"

    @property
    def cells(self) -> tuple[Cell, ...]:
        return self.study.matrix(self.profile.name, self.only).cells()

    @property
    def planned(self) -> tuple[Planned, ...]:
        runs = self.profile.runs if self.block_seed is None else 1
        return plan(self.cells, runs, self.order_seed)

    @property
    def order_seed(self) -> int:
        """What the order of runs is drawn from."""
        return self.study.order_seed if self.block_seed is None else self.block_seed

    def header(self) -> Header:
        """What a new journal of this session begins with, or an old one must agree with."""
        return Header(
            journal_id=uuid.uuid4().hex,
            study=self.study.id,
            title=self.study.title,
            fingerprint=self.study.fingerprint(),
            design=self.study.canonical(),
            profile=self.profile.name,
            only={name: list(values) for name, values in self.only.items()},
            order_seed=self.order_seed,
            planned=tuple(p.run_id for p in self.planned),
            code=revision(),
            environment=environment.facts(),
            models=tuple(self._models()),
            calibration=self.envelope.calibration if self.envelope else None,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    def unregistered(self, *cells: Cell) -> dict[str, Model]:
        """The models of ``cells`` that the registry does not have, and those of servers that somebody else runs, by
        name."""
        servers = [server for cell in cells for server in self.study.run_settings(cell).servers]
        foreign = {server.model for server in servers if issubclass(BACKENDS.load(server.backend), Foreign)}
        return {name: served_model(name) for name in sorted(foreign)} | dict(self.models)

    def _models(self) -> list[ModelEntry]:
        names = {server.model for cell in self.cells for server in self.study.run_settings(cell).servers}
        unregistered = self.unregistered(*self.cells)
        known = (unregistered.get(name) or model(name) for name in sorted(names))
        return [
            ModelEntry(**{name: fact for name, fact in asdict(found).items() if name in ModelEntry.model_fields})
            for found in known
        ]
