"""The manifest: canonical JSON beside the tables; its SHA-256 is the dataset's identity."""

from __future__ import annotations

import hashlib

from pydantic import BaseModel, ConfigDict, Field, field_validator

from ..design import canonical_json

FILES = frozenset({"runs.parquet", "requests.parquet", "readings.parquet"})

Scalar = str | int | float | bool | None


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class FileEntry(_Frozen):
    """One sealed file: its SHA-256 (hex), size in bytes and number of rows."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    bytes: int = Field(ge=0)
    rows: int = Field(ge=0)


class Code(_Frozen):
    """The revision that recorded the data; ``dirty`` tells whether uncommitted changes were present."""

    revision: str | None
    dirty: bool | None
    version: str


class ModelEntry(_Frozen):
    """A model as it was really loaded."""

    name: str
    family: str
    source: str
    architecture: str
    layers: int
    parameters: int
    quantisation: str
    sha256: str | None


class Stratum(_Frozen):
    """Circumstances that changed while recording; the runs after that carry ``number`` (0: the manifest's own)."""

    number: int = Field(ge=1)
    reason: str
    environment: dict[str, Scalar]
    code: Code


class Manifest(_Frozen):
    """Everything that identifies a dataset. Field names are part of the contract.

    ``outcomes`` counts runs by status (``ok``, ``failed``, ...); fewer than ``planned_runs`` together mean that the
    matrix was sealed before it was complete.
    """

    schema_version: int
    study: str
    version: int = Field(ge=1)
    title: str
    profile: str
    fingerprint: str
    design: dict[str, object]
    only: dict[str, list[Scalar]]
    journal_id: str
    order_seed: int
    calibration: str | None
    code: Code
    environment: dict[str, Scalar]
    strata: list[Stratum] = Field(default_factory=list)
    models: list[ModelEntry]
    outcomes: dict[str, int]
    planned_runs: int
    created: str
    supersedes: int | None = None
    supersedes_reason: str | None = None
    files: dict[str, FileEntry]

    @field_validator("files")
    @classmethod
    def _all_files(cls, files: dict[str, FileEntry]) -> dict[str, FileEntry]:
        if set(files) != FILES:
            raise ValueError(f"it must list exactly {', '.join(sorted(FILES))}")
        return files

    @property
    def label(self) -> str:
        """``tr108/v1``."""
        return f"{self.study}/v{self.version}"

    @property
    def recorded_runs(self) -> int:
        """How many runs the dataset holds, of any outcome."""
        return sum(self.outcomes.values())

    def to_bytes(self) -> bytes:
        """Canonical JSON with a final newline: the bytes that are hashed and stored."""
        return canonical_json(self.model_dump(mode="json")) + b"\n"

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of ``to_bytes()``: the dataset's identity."""
        return hashlib.sha256(self.to_bytes()).hexdigest()
