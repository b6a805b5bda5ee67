"""The matrix that a stored design declares: enough of ``Study.canonical`` to type columns and to name cells."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from ..design import Factor, Matrix, Value


class _Factor(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    levels: tuple[Value, ...]
    effective: str | None
    unit: str


class _Design(BaseModel):
    factors: tuple[_Factor, ...]
    exclusions: tuple[dict[str, Value], ...] = ()


def declared_matrix(design: Mapping[str, object]) -> Matrix:
    """The full matrix of a canonical design. Raises ``ValueError`` or ``StudyError`` where it declares none."""
    found = _Design.model_validate(design)
    return Matrix(
        tuple(Factor(f.name, f.levels, f.effective, f.unit) for f in found.factors),
        tuple(tuple(exclusion.items()) for exclusion in found.exclusions),
    )
