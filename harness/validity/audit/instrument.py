"""Rules about the instrument: calibrated, within its range, and undisturbed while it measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from ...datasets.catalog import Ref, sealed
from ...datasets.read import Dataset
from ...datasets.recordings import Recording, read_manifest
from ...metrics.definition import PRESENT
from ..flags import Flag
from ..run import clock_is_fine
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


Objections = Callable[[Dataset, Path], tuple[Row, ...]]
"""What the audit of a calibration finds that forbids it to vouch."""


def calibrated(subject: Subject, objections: Objections) -> Iterator[Row]:
    """Every session names a calibration of its own host and client that is here and passes its own audit."""
    if subject.dataset.manifest.study == "calibration":
        return
    known = {ref.digest: ref for ref in sealed(subject.data, "calibration")}
    sessions = subject.dataset.recordings
    for one in sessions:
        rule = "calibrated" if len(sessions) == 1 else f"calibrated.{one.session}"
        yield _calibrated(one, known, subject.data, rule, objections)


def _calibrated(session: Recording, known: Mapping[str, Ref], data: Path, rule: str, objections: Objections) -> Row:
    manifest = session.manifest
    if manifest.calibration is None:
        said = "no calibration; run `harness calibrate` before measuring"
        return judged(rule, broken=True, severity=Severity.WARNING, evidence=said)
    named = known.get(manifest.calibration)
    if named is None:
        return unknown(rule, f"calibration {manifest.calibration[:12]} is not among the datasets here")
    other = read_manifest(named.path).environment
    wrong = [name for name in _MUST_AGREE if other.get(name) != manifest.environment.get(name)]
    if wrong:
        said = f"{named.label}, differs in {', '.join(wrong)}"
        return judged(rule, broken=True, severity=Severity.ERROR, evidence=said)
    calibration = Dataset.open(named.path, verify=False)
    against = "; ".join(f"{row.rule}: {row.evidence}" for row in objections(calibration, data))
    said = f"same host and client, but it fails its own audit: {against}" if against else "same host and client"
    return judged(rule, bool(against), Severity.WARNING, f"{named.label}, {said}")


def undisturbed(subject: Subject) -> Iterator[Row]:
    """One row per flag, over the runs that nothing was meant to disturb; and whether the others carry theirs."""
    every = [run for run in subject.runs if run.usable]
    yield from _noticed(every)
    usable = [run for run in every if not _disturbed_on_purpose(run)]
    for flag in RUN_FLAGS:
        flagged = [run for run in usable if flag in run.flags]
        raised = [run for run in flagged if not _outdated(run, flag)]
        unjudged = "" if raised else _unjudged(subject, usable, flag)
        if unjudged:
            yield unknown(flag.value, unjudged)
            continue
        severity = Severity.ERROR if len(raised) > TOLERATED_SHARE * len(usable) else Severity.WARNING
        if flag in MEASURED_BY_CALIBRATION and subject.dataset.manifest.study == "calibration":
            severity = Severity.INFO
        example = f"; for example {raised[0].run_id}: {raised[0].flags[flag]}" if raised else ""
        said = f"{len(raised)} of {len(usable)} runs{example}{_elsewhere(usable) if flag is Flag.FOREIGN_LOAD else ''}"
        if outdated := len(flagged) - len(raised):
            said += f"; {outdated} were flagged for tokens that arrived at once and have no time between them"
        yield judged(flag.value, bool(raised), severity, said)


def _outdated(run: RunRow, flag: Flag) -> bool:
    """Whether a flag was sealed when the clock was still judged by the gaps of tokens that arrive at once."""
    return flag is Flag.CLOCK_RESOLUTION and clock_is_fine(run.facts)


def _disturbed_on_purpose(run: RunRow) -> bool:
    return bool(run.requested.get("competing"))


def _noticed(usable: Sequence[RunRow]) -> Iterator[Row]:
    """A load that was asked to compete must be among what the meters call foreign."""
    asked = [run for run in usable if _disturbed_on_purpose(run)]
    missed = [run.run_id for run in asked if Flag.FOREIGN_LOAD not in run.flags]
    if asked:
        said = f"{len(asked) - len(missed)} of {len(asked)} runs with a load that was asked to compete are flagged"
        yield judged("competing_load_noticed", bool(missed), Severity.ERROR, said)


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
