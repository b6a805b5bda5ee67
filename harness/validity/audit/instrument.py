"""Rules about the instrument: calibrated, within its range, and undisturbed while it measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...datasets.catalog import Ref, sealed
from ...datasets.recordings import Recording, read_manifest
from ...metrics.definition import PRESENT
from ..flags import Flag
from .row import Row, Severity, judged, unknown
from .subject import RunRow, Subject

RUN_FLAGS = (
    Flag.CLOCK_RESOLUTION,
    Flag.CLIENT_BOUND,
    Flag.LOOP_LAG,
    Flag.FOREIGN_LOAD,
    Flag.THROTTLING,
    Flag.PROMPT_CACHE_HITS,
    Flag.WARM_UP_NOT_REACHED,
    Flag.STALL,
    Flag.BURSTS,
    Flag.RELOAD,
)
MEASURED_BY_CALIBRATION = frozenset({Flag.LOOP_LAG})
"""What a calibration measures the consequence of, so that it is no reason to doubt it."""

TOLERATED_SHARE = 0.2
"""Share of flagged runs up to which a flag is a warning: medians over runs bear that much."""

_MUST_AGREE = ("host_id", "client")


def calibrated(subject: Subject) -> Iterator[Row]:
    """Every session names a calibration of its own host and client, and that calibration is here."""
    if subject.dataset.manifest.study == "calibration":
        return
    known = {ref.digest: ref for ref in sealed(subject.data, "calibration")}
    sessions = subject.dataset.recordings
    for one in sessions:
        yield _calibrated(one, known, "calibrated" if len(sessions) == 1 else f"calibrated.{one.session}")


def _calibrated(session: Recording, known: Mapping[str, Ref], rule: str) -> Row:
    manifest = session.manifest
    if manifest.calibration is None:
        said = "no calibration; run `harness calibrate` before measuring"
        return judged(rule, broken=True, severity=Severity.WARNING, evidence=said)
    named = known.get(manifest.calibration)
    if named is None:
        return unknown(rule, f"calibration {manifest.calibration[:12]} is not among the datasets here")
    other = read_manifest(named.path).environment
    wrong = [name for name in _MUST_AGREE if other.get(name) != manifest.environment.get(name)]
    said = f"{named.label}, differs in {', '.join(wrong)}" if wrong else f"{named.label}, same host and client"
    return judged(rule, bool(wrong), Severity.ERROR, said)


def undisturbed(subject: Subject) -> Iterator[Row]:
    """One row per flag of a run."""
    usable = [run for run in subject.runs if run.usable]
    for flag in RUN_FLAGS:
        raised = [run for run in usable if flag in run.flags]
        unjudged = "" if raised else _unjudged(subject, usable, flag)
        if unjudged:
            yield unknown(flag.value, unjudged)
            continue
        severity = Severity.ERROR if len(raised) > TOLERATED_SHARE * len(usable) else Severity.WARNING
        if flag in MEASURED_BY_CALIBRATION and subject.dataset.manifest.study == "calibration":
            severity = Severity.INFO
        example = f"; for example {raised[0].run_id}: {raised[0].flags[flag]}" if raised else ""
        said = f"{len(raised)} of {len(usable)} runs{example}{_elsewhere(usable) if flag is Flag.FOREIGN_LOAD else ''}"
        yield judged(flag.value, bool(raised), severity, said)


def _unjudged(subject: Subject, usable: Sequence[RunRow], flag: Flag) -> str:
    """Why nobody could raise a flag, or nothing where each run could have."""
    if flag is Flag.PROMPT_CACHE_HITS:
        told = (subject.values["cache_hit_tokens"].reason == PRESENT).any()
        return "" if told else "no engine reports what it took from a cache"
    if flag is not Flag.CLIENT_BOUND:
        return ""
    if any(one.manifest.calibration is None for one in subject.dataset.recordings):
        return "not judged without a calibration"
    without = sum("judged_by" in run.facts and run.facts["judged_by"] is None for run in usable)
    return f"{without} of {len(usable)} runs were recorded while their calibration was not there" if without else ""


def _elsewhere(usable: Sequence[RunRow]) -> str:
    """What was busy on processors that no run may use, which disturbs only what processors share."""
    busy = [cpu for run in usable if isinstance(cpu := run.facts.get("after.elsewhere_cpu"), int | float)]
    if not busy:
        return "; counted over all processors of the machine"
    return f"; counted over the processors that a run may use, with up to {max(busy):.2f} busy elsewhere"
