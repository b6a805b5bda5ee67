"""Each recording as an action of this software: what it ran, on which models, with which host, and what it made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ..datasets.manifest import Code, Manifest, ModelEntry
from ..datasets.read import SESSION
from ..datasets.recordings import Recording
from ..outcomes import MISSING_SUFFIX
from ..units import counted
from .sealed_dataset import SOFTWARE, SealedDataset

Entity = dict[str, object]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PYPI = "pypi:"


def reference(identity: str) -> dict[str, str]:
    """An entity as the value of a property of another."""
    return {"@id": identity}


def references(entities: Iterable[Entity]) -> object:
    """Several entities as the value of a property of another."""
    return single([reference(str(entity["@id"])) for entity in entities])


def single(values: Sequence[object]) -> object:
    """A list of one value is that value, as RO-Crate wants it."""
    return values[0] if len(values) == 1 else list(values)


def process_run(sealed: SealedDataset) -> list[Entity]:
    """An action per recording, then what they refer to, each entity once."""
    runs = defaultdict(list)
    columns = (SESSION, "started_unix_ns", "duration_ns", "engine", "engine_version")
    for row in sealed.dataset.table("runs", columns).to_pylist():
        runs[row[SESSION]].append(row)
    actions: list[Entity] = []
    others: list[Entity] = []
    for recording in sealed.dataset.recordings:
        action, *referred = _recorded(sealed, recording, runs[recording.session])
        actions.append(action)
        others += referred
    return list({str(entity["@id"]): entity for entity in [*actions, *others]}.values())


def _recorded(sealed: SealedDataset, recording: Recording, runs: list[dict[str, Any]]) -> Iterator[Entity]:
    """The action, then what it refers to."""
    manifest = recording.manifest
    engines = list(_engines(runs))
    software = _software(manifest.code, engines)
    used = [_model(one) for one in manifest.models]
    used += [_calibration(manifest.calibration)] if manifest.calibration else []
    facts = list(_facts(recording))
    optional = {"object": references(used), "environment": references(facts)}
    yield {
        "@id": f"#recording-{recording.session}",
        "@type": "CreateAction",
        "name": f"{'Import' if manifest.imported else 'Recording'} of {manifest.study}/{recording.session}",
        "description": _described(manifest),
        **_times(runs),
        "actionStatus": "http://schema.org/CompletedActionStatus",
        "instrument": reference(str(software["@id"])),
        **{name: value for name, value in optional.items() if value},
        "result": single([reference(file.name) for file in sealed.files_of(recording)]),
    }
    yield from (software, *engines, *used, *facts)


def _described(manifest: Manifest) -> str:
    runs = counted(manifest.recorded_runs, "run")
    if manifest.imported:
        return f"{runs}, {manifest.imported.words}"
    return f"{runs} of {manifest.planned_runs:,} planned, profile {manifest.profile}"


def _software(code: Code, engines: list[Entity]) -> Entity:
    """This software at a revision, and the engines that a recording asked of it."""
    version = code.version + (f"+{code.revision}" if code.revision else "") + ("-dirty" if code.dirty else "")
    names = "".join(str(one["@id"]).removeprefix("#engine") for one in engines)
    return {
        "@id": f"#software-{_slug(version)}{names}",
        "@type": "SoftwareApplication",
        "name": SOFTWARE,
        "softwareVersion": version,
        **({"softwareRequirements": references(engines)} if engines else {}),
    }


def _engines(runs: list[dict[str, Any]]) -> Iterator[Entity]:
    found = {(row["engine"], row["engine_version"] or "") for row in runs if row["engine"]}
    for name, version in sorted(found):
        yield {
            "@id": f"#engine-{_slug(f'{name}-{version}')}",
            "@type": "SoftwareApplication",
            "name": name,
            **({"softwareVersion": version} if version else {}),
        }


def _times(runs: list[dict[str, Any]]) -> dict[str, str]:
    """The start of the first run and the end of the last one, each where it is known of every run."""
    begun = [row["started_unix_ns"] for row in runs]
    spent = [row["duration_ns"] for row in runs]
    if not runs or None in begun:
        return {}
    ended = {} if None in spent else {"endTime": _time(max(map(sum, zip(begun, spent, strict=True))))}
    return {"startTime": _time(min(begun)), **ended}


def _time(unix_ns: int) -> str:
    return (_EPOCH + timedelta(microseconds=unix_ns // 1000)).isoformat(timespec="seconds")


def _model(model: ModelEntry) -> Entity:
    package = model.source.removeprefix(_PYPI) if model.source.startswith(_PYPI) else None
    known = {
        "identifier": f"sha256:{model.sha256}" if model.sha256 else None,
        "description": ", ".join(filter(None, (model.family, model.architecture, model.quantisation))),
        "url": f"https://pypi.org/project/{_slug(package)}/" if package else None,
    }
    return {
        "@id": f"#model-{model.sha256 or _slug(model.name)}",
        "@type": "CreativeWork",
        "name": model.name,
        **{name: value for name, value in known.items() if value},
    }


def _calibration(digest: str) -> Entity:
    return {
        "@id": f"#calibration-{digest}",
        "@type": "CreativeWork",
        "name": "Calibration of the client",
        "identifier": f"sha256:{digest}",
    }


def _facts(recording: Recording) -> Iterator[Entity]:
    """The facts of the host that are known; an unknown one is left out."""
    for number, (name, value) in enumerate(sorted(recording.manifest.environment.items()), start=1):
        if value is not None and not name.endswith(MISSING_SUFFIX):
            identity = f"#host-{recording.session}-{number}"
            yield {"@id": identity, "@type": "PropertyValue", "name": name, "value": value}


def _slug(text: str) -> str:
    """``text`` as a part of an identifier: letters, digits, and ``_XX`` for every other character."""
    return "".join(char if char.isascii() and (char.isalnum() or char in "-.") else f"_{ord(char):X}" for char in text)
