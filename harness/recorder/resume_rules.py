"""Whether a journal may be continued under the circumstances of today: never mix unlike runs silently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from ..datasets.manifest import Code, ModelEntry
from ..errors import ResumeRefused
from ..events import Run, Scalar
from .contents import Contents
from .records import Header, Stratum

NOT_IDENTITY = frozenset({"boot_id", "clock_resolution_ns"})
"""Facts of an environment that may differ between runs that are pooled."""

CLOCK_STEP_S = 60
"""Seconds by which a wall clock may go back unnoticed."""

_DECLARED = ("study", "profile", "only", "order_seed")


def require_same_study(recorded: Header, now: Header) -> None:
    """Raises ``ResumeRefused``, naming what differs, where the two headers declare different measurements."""
    differing = list(_study_differences(recorded, now))
    if differing:
        raise ResumeRefused(
            f"cannot continue the recording of {recorded.created}: {'; '.join(differing)}; undo the change to "
            "continue, or seal what there is (--partial) or move the journal away to begin anew"
        )


def new_stratum(found: Contents, now: Header, *, allowed: bool) -> Stratum | None:
    """The stratum that today's circumstances open, or ``None`` where nothing differs.

    Another environment needs permission and raises ``ResumeRefused`` without it; another revision of the code, or a
    wall clock that went back, only opens a stratum.
    """
    environment, code = circumstances(found)
    machine = list(_environment_differences(environment, now.environment))
    if machine and not allowed:
        raise ResumeRefused(
            f"cannot continue the recording of {found.header.created}: {'; '.join(machine)}; go back to that "
            "environment, or add --resume to record the rest as a stratum of its own"
        )
    reasons = machine + list(_code_differences(code, now.code)) + list(_clock_went_back(found, now))
    if not reasons:
        return None
    return Stratum(len(found.strata) + 1, now.environment, now.code, "; ".join(reasons))


def circumstances(found: Contents) -> tuple[dict[str, Scalar], Code]:
    """The environment and the code of the current stratum."""
    current = found.strata[-1] if found.strata else found.header
    return current.environment, current.code


def engine_change(found: Contents, run: Run) -> str | None:
    """What differs where ``run`` used another version of an engine than the runs of the current stratum."""
    for started in run.engines:
        before = next(_versions(found, started.engine), started.engine_version)
        if before != started.engine_version:
            return f"{started.engine}: {before} ≠ {started.engine_version}"
    return None


def _versions(found: Contents, engine: str) -> Iterator[str]:
    """The versions of an engine that runs of the current stratum used, from the last run back."""
    for run in reversed(found.runs.values()):
        if found.stratum_of[run.run_id] == len(found.strata):
            yield from (started.engine_version for started in run.engines if started.engine == engine)


def _study_differences(a: Header, b: Header) -> Iterator[str]:
    for name in _DECLARED:
        if getattr(a, name) != getattr(b, name):
            yield f"{name}: {getattr(a, name)} ≠ {getattr(b, name)}"
    if a.fingerprint != b.fingerprint:
        parts = [key for key in sorted(a.design.keys() | b.design.keys()) if a.design.get(key) != b.design.get(key)]
        yield f"the study changed in {', '.join(parts) or 'its fingerprint'}"
    elif a.planned != b.planned:
        yield "the planned runs or their order changed"
    before, after = ({model.name: model for model in header.models} for header in (a, b))
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield f"model {name}: {_digest(before.get(name))} ≠ {_digest(after.get(name))}"


def _digest(model: ModelEntry | None) -> str:
    if model is None:
        return "absent"
    return model.sha256[:12] if model.sha256 else "no digest"


def _environment_differences(a: Mapping[str, Scalar], b: Mapping[str, Scalar]) -> Iterator[str]:
    for name in sorted((a.keys() | b.keys()) - NOT_IDENTITY):
        if a.get(name) != b.get(name):
            yield f"{name}: {a.get(name)} ≠ {b.get(name)}"


def _clock_went_back(found: Contents, now: Header) -> Iterator[str]:
    """Says so where it is now earlier than when the last run began; small steps keep a clock right."""
    *_, last = (0.0, *(run.started_unix_ns / 1e9 for run in found.runs.values()))
    behind = last - datetime.fromisoformat(now.created).timestamp()
    if behind > CLOCK_STEP_S:
        yield f"the wall clock went back: it is {timedelta(seconds=int(behind))} behind the last run"


def _code_differences(a: Code, b: Code) -> Iterator[str]:
    for name, before in a.model_dump().items():
        after = getattr(b, name)
        if before != after:
            yield f"code {name}: {before} ≠ {after}"
