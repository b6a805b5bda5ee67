"""The manifest: canonical JSON; the SHA-256 of its bytes is the dataset's identity.

    data/tr108/r0001/   a recording: the sealed blocks of one session, tables beside its manifest
    data/tr108/v4/      a version: a manifest that lists recordings by digest, or one with tables of its own

A version with tables of its own reads as one of a single recording.
"""

from __future__ import annotations

import hashlib
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, TypeAdapter, model_validator

from ..canonical_json import canonical_json
from ..design import Imported
from .schema import METER, file_names

RECORDING_NAME = r"r[0-9]{4}"

Scalar = str | int | float | bool | None
_IMPORTED = TypeAdapter(Imported)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class FileEntry(_Frozen):
    """One sealed file: its SHA-256 (hex), size in bytes and number of rows (of a meter: samples)."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    bytes: int = Field(ge=0)
    rows: int = Field(ge=0)


class Code(_Frozen):
    """The revision that recorded the data; ``dirty`` tells whether uncommitted changes were present.

    It is shown in commands, so it is a full SHA-1 of git and nothing else.
    """

    revision: str | None = Field(pattern=r"^[0-9a-f]{40}$")
    dirty: bool | None
    version: str


class ModelEntry(_Frozen):
    """A model as it was really loaded; what nobody here can know of it is null."""

    name: str
    family: str | None
    source: str
    architecture: str | None
    layers: int | None
    parameters: int | None
    quantisation: str | None
    sha256: str | None


class Stratum(_Frozen):
    """Circumstances that changed while recording; the runs after that carry ``number`` (0: the manifest's own)."""

    number: int = Field(ge=1)
    reason: str
    environment: dict[str, Scalar]
    code: Code


class Listed(_Frozen):
    """A recording in the manifest of a version: the name of its folder beside the version's, and its digest."""

    name: str = Field(pattern=f"^{RECORDING_NAME}$")
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")


class VersionManifest(_Frozen):
    """A version that lists recordings and holds nothing itself. Field names are part of the contract."""

    schema_version: int
    study: str
    version: int = Field(ge=1)
    title: str
    profile: str
    fingerprint: str
    recordings: list[Listed] = Field(min_length=1)
    created: str
    supersedes: int | None = None
    supersedes_reason: str | None = None

    def to_bytes(self) -> bytes:
        """Canonical JSON with a final newline: the bytes that are hashed and stored."""
        return canonical_json(self.model_dump(mode="json")) + b"\n"


class Manifest(_Frozen):
    """Everything that identifies a dataset. Field names are part of the contract.

    ``outcomes`` counts runs by status (``ok``, ``failed``, ...); fewer than ``planned_runs`` together mean that the
    matrix was sealed before it was complete. A recording has the version 0, what its ``session`` found on the machine,
    and as ``recording`` the name of its folder: that under which it was sealed, or another one where it travelled.
    ``files`` are relative to the folder of the manifest; the file of an external meter is among them where one was laid
    beside the runs. Read from a version that lists recordings, it says of all of
    them together what it can (see ``recordings``).
    """

    schema_version: int
    study: str
    version: int = Field(ge=0)
    recording: str | None = Field(default=None, pattern=f"^{RECORDING_NAME}$")
    session: dict[str, Scalar] | None = None
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

    _digest: str = PrivateAttr(default="")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        wanted = file_names(self.schema_version)
        if set(self.files) - {METER} != wanted:
            raise ValueError(f"it must list exactly {', '.join(sorted(wanted))}")
        if (self.recording is None) != (self.version > 0):
            raise ValueError("it is either a version or a recording")
        _ = self.imported
        return self

    @property
    def imported(self) -> Imported | None:
        """The file of another tool that the dataset was made of; null where it was recorded here."""
        found = self.design.get("imported")
        return None if found is None else _IMPORTED.validate_python(found)

    @property
    def status(self) -> str:
        """``recorded``, or ``imported from`` a tool and its version."""
        return self.imported.words if self.imported else "recorded"

    @property
    def name(self) -> str:
        """The name of its folder: ``v1`` or ``r0001``."""
        return self.recording or f"v{self.version}"

    @property
    def label(self) -> str:
        """``tr108/v1``, or ``tr108/r0001`` for a recording."""
        return f"{self.study}/{self.name}"

    @property
    def recorded_runs(self) -> int:
        """How many runs the dataset holds, of any outcome."""
        return sum(self.outcomes.values())

    def to_bytes(self) -> bytes:
        """Canonical JSON with a final newline: the bytes that are hashed and stored."""
        return canonical_json(self.model_dump(mode="json")) + b"\n"

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the bytes on disk, or of ``to_bytes()`` before there are any: the dataset's identity."""
        return self._digest or hashlib.sha256(self.to_bytes()).hexdigest()

    def identified(self, data: bytes) -> Self:
        """The same manifest, known by the bytes that it was read from."""
        found = self.model_copy()
        found._digest = hashlib.sha256(data).hexdigest()  # noqa: SLF001 its own
        return found
