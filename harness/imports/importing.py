"""From the file of another tool to a sealed dataset with the status *imported*."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ..datasets import catalog
from ..datasets.manifest import ModelEntry
from ..datasets.recordings import read_manifest
from ..design import Cell, Factor, Imported, Matrix, Profile, Study, Value, Workload, listed
from ..errors import DataError, StudyError, UsageError
from ..events import Run, Scalar
from ..execution.code_revision import revision
from ..models import SERVED
from ..outcomes import OK
from ..recorder.durable import advice
from ..recorder.imported import ImportedRun, seal_imported
from ..recorder.records import Header
from ..recorder.seal import Sealed
from ..recorder.staging import staged
from ..units import counted
from .foreign import LONGEST_NAME, MODEL, Foreign, ForeignModel, ForeignRun, fact
from .formats import Format, format_of
from .source import Source
from .spool import Spool

PROFILE = "imported"
BACKEND = "imported"
_MOST_CROSSED = 2_000
"""Where what varied crosses to more combinations than that, each combination of the file is one level."""


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """The dataset of a file by its label. ``new`` is false where the same file was imported before.

    ``holds`` says how many runs and requests were read, and how many of these failed, ``remarks`` what to know of them.
    """

    label: str
    digest: str
    new: bool
    words: str
    holds: str
    remarks: Sequence[str]


def import_file(path: Path, data_root: Path, name: str | None = None) -> ImportedFile:
    """Reads the results of another tool and seals them under ``name``, or under that of the tool and its model.

    Raises ``UsageError`` for a file of no known format or a name that cannot be, ``DataError`` for one that is damaged,
    wrongly typed or too large, and where the disk fails. None of them leaves anything behind.
    """
    source = Source.of(path)
    found = format_of(source)
    try:
        with staged(data_root) as stage, Spool(stage) as spool:
            foreign = found.read(source, spool)
            return _sealed(source, found, foreign, data_root, name)
    except (ValueError, OverflowError) as error:
        raise source.wrong("its values", " ".join(str(error).split())[:200]) from None
    except RecursionError:
        raise source.wrong("its values", "one is nested too deeply") from None
    except OSError as error:
        raise DataError(f"cannot import {path}: {advice(error)}") from error


def _sealed(source: Source, found: Format, foreign: Foreign, data_root: Path, name: str | None) -> ImportedFile:
    version = foreign.version and foreign.version[:LONGEST_NAME]
    origin = Imported(foreign.tool, version, found.name, source.name, source.sha256, source.bytes)
    study_id = dataset_name(name or f"{foreign.tool}-{_short(foreign.models)}")
    for ref in catalog.versions(data_root, study_id):
        if read_manifest(ref.path).imported == origin:
            return ImportedFile(
                ref.label,
                ref.digest,
                new=False,
                words=origin.words,
                holds=_holds(foreign.runs),
                remarks=_remarks(foreign.runs),
            )
    if not any(map(_says_something, foreign.runs)):
        raise source.wrong("the file", f"it holds no request, and no number of {foreign.tool} that is known")
    foreign = replace(foreign, runs=_crossed(foreign.runs))
    try:
        study = _study(study_id, foreign, origin)
        runs = _runs(study, foreign.runs)
    except StudyError as error:
        raise source.wrong("its settings", str(error)) from None
    try:
        sealed = _seal(study, foreign, runs, source, data_root)
    finally:
        with suppress(OSError):
            (data_root / study_id).rmdir()
    return ImportedFile(
        f"{study_id}/v{sealed.version}",
        sealed.digest,
        new=True,
        words=origin.words,
        holds=_holds(foreign.runs),
        remarks=_remarks(foreign.runs),
    )


def _holds(runs: Sequence[ForeignRun]) -> str:
    spools = [run.requests for run in runs if run.requests is not None]
    requests, failed = sum(one.count for one in spools), sum(one.failed for one in spools)
    asked = counted(requests, "request") if requests else "no requests"
    return f"{counted(len(runs), 'run')}, {asked}" + (f", {failed:,} failed" if failed else "")


def _remarks(runs: Sequence[ForeignRun]) -> list[str]:
    return [run.remark for run in runs if run.remark is not None]


def _says_something(run: ForeignRun) -> bool:
    numbers = any(isinstance(value, int | float) for value in run.facts.values())
    return numbers or (run.requests is not None and run.requests.count > 0)


def _crossed(runs: Sequence[ForeignRun]) -> Sequence[ForeignRun]:
    """The runs, with one level for each combination of the file where what varied crosses to too many."""
    if math.prod(len(factor.levels) for factor in _factors(runs)) <= _MOST_CROSSED:
        return runs
    return [
        replace(run, levels={"settings": ", ".join(f"{name} {value}" for name, value in run.levels.items())})
        for run in runs
    ]


def dataset_name(text: str) -> str:
    """``text`` as the name of a dataset: at most 40 lower-case letters, digits and hyphens. Raises ``UsageError``."""
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40].rstrip("-")
    if not slug:
        raise UsageError(f"{text[:40]!r} gives no name of a dataset; give one of letters and digits with --name")
    return slug


def _short(models: Sequence[ForeignModel]) -> str:
    return models[0].name.rpartition("/")[2] if len(models) == 1 else counted(len(models), "model")


def _study(study_id: str, foreign: Foreign, origin: Imported) -> Study:
    factors = _factors(foreign.runs)
    names = ", ".join(model.name for model in foreign.models)[:LONGEST_NAME]
    fixed = () if any(factor.name == MODEL for factor in factors) else ((MODEL, names),)
    told = {f"declared.{key[:80]}": value for key, value in foreign.told.items() if value is not None}
    most = max(_replicates(foreign.runs).values())
    return Study(
        id=study_id,
        title=f"{names if len(foreign.models) == 1 else _short(foreign.models)} ({origin.words})",
        question="",
        backend=BACKEND,
        factors=factors,
        workload=Workload((), max_tokens=1, warmup=0, ignore_eos=False, unique_prefix=False),
        profiles=(Profile(PROFILE, most),),
        metrics=tuple(foreign.metrics),
        exclusions=_absent(factors, foreign.runs),
        fixed=(*fixed, *told.items()),
        imported=origin,
    )


def _factors(runs: Sequence[ForeignRun]) -> tuple[Factor, ...]:
    """What varied in the file, with the levels that it has."""
    names = list(runs[0].levels)
    return tuple(Factor(name, tuple(dict.fromkeys(run.levels[name] for run in runs))) for name in names)


def _absent(factors: Sequence[Factor], runs: Iterable[ForeignRun]) -> tuple[tuple[tuple[str, Value], ...], ...]:
    """The combinations of levels that the file does not have. Raises ``StudyError`` where they are too many."""
    there = {tuple(run.levels[factor.name] for factor in factors) for run in runs}
    names = [factor.name for factor in factors]
    crossed = Matrix(tuple(factors)).cells()
    return tuple(cell.levels for cell in crossed if tuple(cell.settings[name] for name in names) not in there)


def _replicates(runs: Iterable[ForeignRun]) -> dict[tuple[tuple[str, Value], ...], int]:
    counts: dict[tuple[tuple[str, Value], ...], int] = {}
    for run in runs:
        key = tuple(run.levels.items())
        counts[key] = counts.get(key, 0) + 1
    return counts


def _runs(study: Study, runs: Sequence[ForeignRun]) -> list[ImportedRun]:
    blocks = study.profile(PROFILE).runs
    places = {item.run_id: item for item in listed(study.matrix(PROFILE).cells(), blocks)}
    seen: dict[str, int] = {}
    found = []
    for run in runs:
        cell = Cell(tuple((factor.name, run.levels[factor.name]) for factor in study.factors)).id
        item = places[f"{cell}-{seen.get(cell, 0):03d}"]
        seen[cell] = seen.get(cell, 0) + 1
        made = Run(
            run_id=item.run_id,
            cell_id=cell,
            replicate=item.replicate,
            block=item.block,
            position=item.position,
            outcome=OK,
            started_unix_ns=run.started_unix_ns or 0,
            duration_ns=run.duration_ns or 0,
            requested=study.settings(item.cell),
            facts=run.facts,
        )
        known = run.started_unix_ns is not None, run.duration_ns is not None
        found.append(ImportedRun(made, run.requests, *known))
    return found


def _model(model: ForeignModel) -> ModelEntry:
    return ModelEntry(
        name=model.name,
        family=None,
        source=SERVED,
        architecture=None,
        layers=None,
        parameters=model.parameters,
        quantisation=model.quantisation and model.quantisation[:LONGEST_NAME],
        sha256=None,
    )


def _seal(study: Study, foreign: Foreign, runs: Sequence[ImportedRun], source: Source, data_root: Path) -> Sealed:
    planned = listed(study.matrix(PROFILE).cells(), study.profile(PROFILE).runs)
    machine: dict[str, Scalar] = {name: value for name, value in foreign.machine.items() if value not in (None, "")}
    if machine and "gpu_name" not in machine:
        machine |= fact("gpu_name", None)
    header = Header(
        journal_id=source.sha256[:32],
        study=study.id,
        title=study.title,
        fingerprint=study.fingerprint(),
        design=study.canonical(),
        profile=PROFILE,
        only={},
        order_seed=study.order_seed,
        planned=tuple(item.run_id for item in planned),
        code=revision(),
        environment=machine,
        models=tuple(map(_model, foreign.models)),
        calibration=None,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    return seal_imported(header, runs, data_root)
