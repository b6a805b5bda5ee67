"""Reads a study that a person wrote as a TOML file: strict at the edge, a frozen ``Study`` inside."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ..bounded_file import read_bounded
from ..errors import StudyError
from . import Factor, Profile, Prompt, Scenario, Study, Value, Workload


def _dotted(settings: object) -> object:
    """Tables inside tables as the names of scopes: ``{"load": {"streams": 2}}`` as ``{"load.streams": 2}``."""
    if not isinstance(settings, dict):
        return settings
    flat: dict[str, object] = {}
    for name, value in settings.items():
        inner = _dotted(value)
        flat |= {f"{name}.{key}": item for key, item in inner.items()} if isinstance(inner, dict) else {name: inner}
    return flat


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class FactorTable(_Strict):
    """What is varied: each run has one of the ``levels``. ``effective`` names what an engine reports that proves it."""

    levels: tuple[Value, ...]
    effective: str | None = None
    unit: str = ""
    meaning: str = ""


class WorkloadTable(_Strict):
    """What each run asks. ``prompts`` are texts by name, each sent behind a prefix of its own (``unique_prefix``),
    after a cold request and the ``warmup`` ones. With ``ignore_eos`` every answer has ``max_tokens`` tokens."""

    prompts: dict[str, str] = Field(min_length=1)
    max_tokens: int = Field(ge=1)
    warmup: int = Field(default=1, ge=0)
    ignore_eos: bool = True
    seed: int = 42
    unique_prefix: bool = True


class ProfileTable(_Strict):
    """A size of the study: ``runs`` of each combination of levels, of a ``subset`` of levels by factor where there is
    one. Timeouts are in seconds; a request has half the time of its run unless it is given one."""

    runs: int
    subset: dict[str, tuple[Value, ...]] = Field(default_factory=dict)
    max_tokens: int | None = Field(default=None, ge=1)
    run_timeout_s: float = Field(default=300.0, gt=0)
    request_timeout_s: float | None = Field(default=None, gt=0)
    gap_timeout_s: float = Field(default=30.0, gt=0)


class StudyFile(_Strict):
    """A study. ``fixed`` are settings that all runs have, ``exclusions`` are combinations of levels that are left out,
    ``metrics`` are ids of the page of metrics."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,40}$")
    title: str
    question: str
    backend: str
    scenario: Scenario | None = None
    factors: dict[str, FactorTable] = Field(min_length=1)
    fixed: Annotated[dict[str, Value], BeforeValidator(_dotted)] = Field(default_factory=dict)
    exclusions: tuple[dict[str, Value], ...] = ()
    workload: WorkloadTable
    profiles: dict[str, ProfileTable] = Field(min_length=1)
    metrics: tuple[str, ...] = ("ttft", "tpot", "e2e_latency", "decode_tps")
    order_seed: int = 42


def read_study(path: Path) -> Study:
    """The study declared in ``path``. Raises ``StudyError`` with the first thing to correct."""
    try:
        data = tomllib.loads(read_bounded(path).decode())
    except FileNotFoundError:
        raise StudyError(f"no study file {path}; name an existing .toml file or a study of `harness studies`") from None
    except RecursionError:
        raise StudyError(f"{path}: it is nested too deeply; correct the file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise StudyError(f"{path}: cannot be read as TOML: {error}") from None
    try:
        parsed = StudyFile.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise StudyError(
            f"{path}: {where}: {first['msg']} ({error.error_count()} problem(s); correct the file)"
        ) from None
    return _to_study(parsed)


def _to_study(file: StudyFile) -> Study:
    workload = file.workload
    return Study(
        id=file.id,
        title=file.title,
        question=file.question,
        backend=file.backend,
        scenario=file.scenario,
        factors=tuple(Factor(name, f.levels, f.effective, f.unit, f.meaning) for name, f in file.factors.items()),
        workload=Workload(
            prompts=tuple(Prompt(id_, text) for id_, text in workload.prompts.items()),
            max_tokens=workload.max_tokens,
            warmup=workload.warmup,
            ignore_eos=workload.ignore_eos,
            seed=workload.seed,
            unique_prefix=workload.unique_prefix,
        ),
        profiles=tuple(
            Profile(
                name,
                p.runs,
                tuple(p.subset.items()),
                p.max_tokens,
                p.run_timeout_s,
                p.request_timeout_s,
                p.gap_timeout_s,
            )
            for name, p in file.profiles.items()
        ),
        metrics=file.metrics,
        exclusions=tuple(tuple(ex.items()) for ex in file.exclusions),
        fixed=tuple(file.fixed.items()),
        order_seed=file.order_seed,
    )
