"""What a folder of the data root holds: one recording, or a version that lists several.

A version that lists recordings is read as one dataset. Its manifest says of all recordings together what one manifest
can say: what was measured is the same in all of them, the newest one says what is concluded from it, runs are added up,
a fact of the machine or the code in which they differ is null, and every recording after the first is a change of
circumstances (``Stratum``), since another session has another boot, another code or another host. What each session
says by itself, such as its own calibration, is asked of ``Dataset.recordings``.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from ..canonical_json import canonical_json
from ..design import measured
from ..errors import DatasetCorrupt
from .agreement import shared_calibration, shared_code, shared_facts
from .manifest import RECORDING_NAME, Listed, Manifest, Stratum, VersionManifest
from .migrate import Fields, migrate
from .schema import MANIFEST

ADVICE = "restore it from version control or from where it was published"
_SAME = ("study", "profile", "only")
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Recording:
    """The sealed blocks of one session, with tables in ``folder``."""

    folder: Path
    manifest: Manifest

    @property
    def session(self) -> str:
        """The name of its folder, such as ``r0001``, or ``v1`` where a version has tables of its own."""
        return self.manifest.name

    @property
    def host(self) -> str | None:
        """The identity of the machine, where it was recorded."""
        host = self.manifest.environment.get("host_id")
        return str(host) if host is not None else None


Known = dict[Path, tuple[Manifest, tuple[Recording, ...]]]
"""What was read already, by folder."""


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a version or of a recording. Raises ``DatasetCorrupt``, ``SchemaUnknown``."""
    return read_folder(folder)[0]


def read_folder(folder: Path, known: Known | None = None) -> tuple[Manifest, tuple[Recording, ...]]:
    """What the folder says, and the recordings that it consists of. Raises ``DatasetCorrupt``, ``SchemaUnknown``.

    Whoever reads several versions of a study gives the same ``known`` to each, so that a recording that they share is
    read once.
    """
    path = folder / MANIFEST
    data = _bytes(path)
    version = _stated(path, data)
    if isinstance(version, VersionManifest):
        recordings = _listed(path, version.recordings, {} if known is None else known)
        return _together(path, version, recordings).identified(data), recordings
    manifest = _named(version, folder).identified(data)
    return manifest, (Recording(folder, manifest),)


def _named(manifest: Manifest, folder: Path) -> Manifest:
    """A recording goes by the name of its folder, where that is the name of a recording."""
    named = manifest.recording is not None and re.fullmatch(RECORDING_NAME, folder.name)
    return manifest.model_copy(update={"recording": folder.name}) if named else manifest


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise corrupt(path, error.strerror or "it cannot be read") from None


@lru_cache(maxsize=512)
def _stated(path: Path, data: bytes) -> Manifest | VersionManifest:
    """The manifest that the bytes of a file are. A process that asks for the same bytes again gets the same one."""
    fields = _fields(path, data)
    if "recordings" in fields:
        return _validated(path, VersionManifest, fields)
    return _validated(path, Manifest, fields)


def _fields(path: Path, data: bytes) -> Fields:
    """The fields of a manifest as today's code reads them."""
    try:
        parsed = json.loads(data)
        fields = migrate(parsed, path)
        canonical = canonical_json(parsed) + b"\n" == data
    except (ValueError, RecursionError) as error:
        raise corrupt(path, str(error).splitlines()[0]) from None
    if not canonical:
        raise corrupt(path, "it is not canonical JSON")
    return fields


def _validated(path: Path, kind: type[M], fields: Fields) -> M:
    try:
        return kind.model_validate_json(canonical_json(fields), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise corrupt(path, f"{where}: {first['msg']}" if where else str(first["msg"])) from None


def _listed(path: Path, listed: Sequence[Listed], known: Known) -> tuple[Recording, ...]:
    found: list[Recording] = []
    digests: set[str] = set()
    for entry in listed:
        folder = path.parent.parent / entry.name
        if folder not in known:
            if not (folder / MANIFEST).is_file():
                raise corrupt(path, f"it lists the recording {entry.name}, which is not there")
            known[folder] = read_folder(folder)
        manifest, (recording, *others) = known[folder]
        digest = manifest.digest
        if digest != entry.digest:
            raise corrupt(path, f"the recording {entry.name} has the digest {digest[:12]}…, not {entry.digest[:12]}…")
        if others or manifest.recording is None:
            raise corrupt(path, f"{entry.name} is no recording, it says that it is {manifest.label}")
        if digest in digests:
            raise corrupt(path, f"it lists the recording {entry.name} twice")
        digests.add(digest)
        found.append(recording)
    return tuple(found)


def _together(path: Path, version: VersionManifest, recordings: Sequence[Recording]) -> Manifest:
    """All recordings of a version as one manifest. Raises ``DatasetCorrupt`` where they do not belong together."""
    first, *others = (recording.manifest for recording in recordings)
    newest = recordings[-1].manifest
    for manifest in (first, *others):
        for name in _SAME:
            expected = getattr(version if hasattr(version, name) else first, name)
            if getattr(manifest, name) != expected:
                raise corrupt(path, f"the recording {manifest.name} is of another {name}; it does not belong to it")
        if measured(manifest.design) != measured(first.design):
            raise corrupt(path, f"the recording {manifest.name} measured something else; it does not belong to it")
    if newest.fingerprint != version.fingerprint:
        raise corrupt(path, f"the recording {newest.name} is of another fingerprint; it does not belong to it")
    outcomes = sum((Counter(manifest.outcomes) for manifest in (first, *others)), Counter[str]())
    return first.model_copy(
        update={
            "version": version.version,
            "recording": None,
            "session": None,
            "title": version.title,
            "fingerprint": newest.fingerprint,
            "design": newest.design,
            "journal_id": " ".join(manifest.journal_id for manifest in (first, *others)),
            "code": shared_code([manifest.code for manifest in (first, *others)]),
            "environment": shared_facts([manifest.environment for manifest in (first, *others)]),
            "calibration": shared_calibration([manifest.calibration for manifest in (first, *others)]),
            "strata": strata(recordings),
            "models": list(
                {model.model_dump_json(): model for one in (first, *others) for model in one.models}.values()
            ),
            "outcomes": dict(sorted(outcomes.items())),
            "planned_runs": sum(manifest.planned_runs for manifest in (first, *others)),
            "created": version.created,
            "supersedes": version.supersedes,
            "supersedes_reason": version.supersedes_reason,
            "files": {
                f"../{recording.session}/{name}": entry
                for recording in recordings
                for name, entry in recording.manifest.files.items()
            },
        }
    )


def strata(recordings: Sequence[Recording]) -> list[Stratum]:
    """The changes of circumstances over all recordings: each recording after the first, and those within each."""
    found: list[Stratum] = []
    for number, recording in enumerate(recordings):
        manifest = recording.manifest
        if number:
            reason = f"the recording {recording.session}"
            found.append(_stratum(len(found) + 1, reason, manifest))
        found += [one.model_copy(update={"number": len(found) + k}) for k, one in enumerate(manifest.strata, start=1)]
    return found


def _stratum(number: int, reason: str, manifest: Manifest) -> Stratum:
    return Stratum(number=number, reason=reason, environment=manifest.environment, code=manifest.code)


def corrupt(path: Path, what: str) -> DatasetCorrupt:
    """The error of a damaged file."""
    return DatasetCorrupt(f"{path} is damaged: {what}; {ADVICE}")
