"""What a stored design declares: enough of ``Study.canonical`` to type columns, to name cells, to know their loads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..design import (
    Bundle,
    Factor,
    Imported,
    Load,
    Matrix,
    Planned,
    Profile,
    Prompt,
    Study,
    Value,
    Workload,
    listed,
    load_of,
    plan,
    scenario_of,
    settings_of,
)
from ..design.study import FOREIGN
from ..errors import DatasetCorrupt, StudyError
from .manifest import Manifest


class _Factor(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    levels: tuple[Value, ...]
    effective: str | None
    unit: str


class _Profile(BaseModel):
    runs: int = Field(default=1, ge=1)
    subset: dict[str, tuple[Value, ...]] = Field(default_factory=dict)
    max_tokens: int | None = None


_Prompt = tuple[str, str] | tuple[str, str, str] | tuple[str, str, str, int]
"""A prompt as ``Prompt.canonical`` writes it."""


class _Workload(BaseModel):
    prompts: tuple[_Prompt, ...] = ()
    max_tokens: int = 1
    warmup: int = 0
    ignore_eos: bool = True
    seed: int = 0
    unique_prefix: bool = True


class _Design(BaseModel):
    factors: tuple[_Factor, ...]
    exclusions: tuple[dict[str, Value], ...] = ()
    fixed: dict[str, Value] = Field(default_factory=dict)
    bundles: tuple[tuple[str, Value, dict[str, Value]], ...] = ()
    profiles: dict[str, _Profile] = Field(default_factory=dict)
    backend: str = ""
    metrics: tuple[str, ...] = ()
    workload: _Workload = Field(default_factory=_Workload)
    order_seed: int = 0
    imported: Imported | None = None

    def matrix(self, kept: Mapping[str, Sequence[Value]]) -> Matrix:
        """All cells, or those with the levels that are ``kept`` of a factor."""
        return Matrix(
            tuple(Factor(f.name, tuple(kept.get(f.name, f.levels)), f.effective, f.unit) for f in self.factors),
            tuple(tuple(exclusion.items()) for exclusion in self.exclusions),
        )

    def narrowed(self, manifest: Manifest) -> Matrix:
        """The cells of a manifest's profile, and of what was chosen of it."""
        profile = self.profiles.get(manifest.profile, _Profile())
        only = {name: [level for level in levels if level is not None] for name, levels in manifest.only.items()}
        return self.matrix({**profile.subset, **only})


def declared_matrix(design: Mapping[str, object]) -> Matrix:
    """The full matrix of a canonical design. Raises ``ValueError`` or ``StudyError`` where it declares none."""
    return _Design.model_validate(design).matrix({})


def planned_runs(manifest: Manifest) -> tuple[Planned, ...]:
    """The runs that a recording, or a version with tables of its own, was to hold: whole blocks, in their order.

    Raises ``ValueError`` or ``StudyError`` where its design plans none.
    """
    design = _Design.model_validate(manifest.design)
    if manifest.profile not in design.profiles:
        raise ValueError(f"it has no profile {manifest.profile!r}")
    cells = design.narrowed(manifest).cells()
    blocks = manifest.planned_runs // len(cells) if cells else 0
    if not 1 <= blocks <= design.profiles[manifest.profile].runs:
        raise ValueError(f"{manifest.planned_runs} runs are no whole blocks of its {len(cells)} cells")
    return listed(cells, blocks) if design.imported else plan(cells, blocks, manifest.order_seed)


@dataclass(frozen=True, slots=True)
class PlannedCell:
    """A cell of a dataset: its ``levels`` by factor, and everything that is set in its runs."""

    levels: Mapping[str, Value]
    settings: Mapping[str, Value]


def planned_cells(manifest: Manifest) -> tuple[PlannedCell, ...]:
    """The cells that a dataset was to hold. Raises ``ValueError`` or ``StudyError`` where its design declares none."""
    design = _Design.model_validate(manifest.design)
    bundles = [Bundle(factor, level, tuple(settings.items())) for factor, level, settings in design.bundles]
    cells = design.narrowed(manifest).cells()
    return tuple(PlannedCell(cell.settings, settings_of(cell, design.fixed, bundles)) for cell in cells)


def planned_loads(manifest: Manifest) -> tuple[Load, ...]:
    """The loads of the cells that a dataset was to hold, each once; none where they are not of today's kinds, or those
    of another tool."""
    if manifest.imported:
        return ()
    try:
        return tuple(dict.fromkeys(load_of(cell.settings) for cell in planned_cells(manifest)))
    except StudyError:
        return ()


def scenarios(manifest: Manifest) -> str:
    """The scenarios that the loads of a dataset make, in words; where they are not known, what its study declared."""
    if manifest.imported:
        return FOREIGN
    made = dict.fromkeys(scenario_of(load) for load in planned_loads(manifest))
    return " and ".join(made) or str(manifest.design.get("scenario", "not recorded"))


def stored_study(manifest: Manifest) -> Study:
    """The study that a dataset was recorded by, as its manifest holds it: what nobody else declares can still be shown.

    Words that are no part of a design, such as the question, are empty. Raises ``DatasetCorrupt`` where the design is
    none that a study could have.
    """
    try:
        design = _Design.model_validate(manifest.design)
        whole = design.matrix({})
        return Study(
            id=manifest.study,
            title=manifest.title,
            question="",
            backend=design.backend,
            factors=whole.factors,
            workload=Workload(
                tuple(Prompt(*prompt) for prompt in design.workload.prompts),
                **design.workload.model_dump(exclude={"prompts"}),
            ),
            profiles=tuple(
                Profile(name, one.runs, tuple(one.subset.items()), one.max_tokens)
                for name, one in design.profiles.items()
            ),
            metrics=design.metrics,
            exclusions=whole.exclusions,
            fixed=tuple(design.fixed.items()),
            bundles=tuple(Bundle(factor, level, tuple(settings.items())) for factor, level, settings in design.bundles),
            order_seed=design.order_seed,
            imported=design.imported,
        )
    except (ValidationError, ValueError, StudyError) as error:
        said = " ".join(str(error).split())[:200]
        raise DatasetCorrupt(f"{manifest.label}: its manifest holds no design that can be read: {said}") from None
