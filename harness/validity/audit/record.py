"""Rules about the recording: complete, from known code, on one machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from ...events import Phase
from ...outcomes import Status
from ...units import counted
from .row import Row, Severity, judged, unknown
from .subject import Subject

TOLERATED_FAILURES = 0.2


def imported(subject: Subject) -> Iterator[Row]:
    """The dataset was measured here, where client, order and machine are vouched for."""
    said = (
        f"{subject.dataset.manifest.status}; nothing here vouches for its client, the order of its runs or its machine"
    )
    yield judged("imported", broken=True, severity=Severity.WARNING, evidence=said)


def complete(subject: Subject) -> Iterator[Row]:
    """Every planned run is in the dataset."""
    manifest = subject.dataset.manifest
    there = manifest.recorded_runs
    yield judged(
        "complete",
        there != manifest.planned_runs,
        Severity.ERROR,
        f"{there} of {manifest.planned_runs} planned runs",
    )


def coverage(subject: Subject) -> Iterator[Row]:
    """Every arm that was planned can run on this host. One that cannot is not measured, which spoils no other arm."""
    lacking = Counter(run.code or run.outcome for run in subject.runs if run.outcome == Status.UNSUPPORTED)
    whole = len(subject.runs)
    codes = ", ".join(f"{n} {code}" for code, n in lacking.most_common())
    said = (
        f"{lacking.total()} of {whole} runs cannot be made on this host: {codes}"
        if lacking
        else f"all {counted(whole, 'run')}"
    )
    yield judged("coverage", bool(lacking), Severity.INFO, said)


def outcomes(subject: Subject) -> Iterator[Row]:
    """Runs that this host can make ended well; beyond a fifth of failures the survivors are a selection."""
    possible = [run for run in subject.runs if run.outcome != Status.UNSUPPORTED]
    bad = Counter(run.code or run.outcome for run in possible if run.outcome != Status.OK)
    share = bad.total() / max(1, len(possible))
    said = ", ".join(f"{n} {code}" for code, n in bad.most_common()) or f"all {len(possible)} ok"
    yield judged("outcomes", bool(bad), Severity.ERROR if share > TOLERATED_FAILURES else Severity.WARNING, said)


def requests(subject: Subject) -> Iterator[Row]:
    """Measured requests were answered, and as asked; latencies are those of the others only."""
    table = subject.requests.table.select(["phase", "outcome", "outcome_code"])
    measured = table.filter(pc.equal(table["phase"].cast(pa.string()), Phase.MEASURED.value))
    outcome, n = measured["outcome"].cast(pa.string()), measured.num_rows
    for rule, status in (("requests_failed", Status.FAILED), ("requests_degraded", Status.DEGRADED)):
        bad = Counter(measured["outcome_code"].filter(pc.equal(outcome, status.value)).to_pylist())
        share = bad.total() / max(1, n)
        codes = ", ".join(f"{count} {code}" for code, count in bad.most_common())
        said = f"{bad.total()} of {n} requests ({share * 100:.1f}\u00a0%): {codes}" if bad else f"none of {n}"
        yield judged(rule, bool(bad), Severity.ERROR if share > TOLERATED_FAILURES else Severity.WARNING, said)


def known_code(subject: Subject) -> Iterator[Row]:
    """A revision without uncommitted changes, so that others can run the same code."""
    sessions = [one.manifest for one in subject.dataset.recordings]
    codes = [code for one in sessions for code in (one.code, *(stratum.code for stratum in one.strata))]
    clean = all(code.revision and code.dirty is False for code in codes)
    said = ", ".join(f"{(c.revision or 'unknown')[:12]}{' with uncommitted changes' if c.dirty else ''}" for c in codes)
    yield judged("known_code", not clean, Severity.WARNING, said)


def one_environment(subject: Subject) -> Iterator[Row]:
    """No circumstance changed while a session was recorded."""
    strata = [stratum for one in subject.dataset.recordings for stratum in one.manifest.strata]
    said = "; ".join(stratum.reason for stratum in strata) or "nothing changed while recording"
    yield judged("one_environment", bool(strata), Severity.WARNING, said)


def bare_metal(subject: Subject) -> Iterator[Row]:
    """Whether neighbours that nobody here can see may share the machine."""
    found = dict.fromkeys(one.manifest.environment.get("hypervisor") for one in subject.dataset.recordings)
    if None in found:
        yield unknown("bare_metal", "the environment does not tell")
    else:
        said = f"hypervisor: {', '.join(map(str, found))}"
        yield judged("bare_metal", set(found) != {"none"}, Severity.INFO, said)


def declared_models(subject: Subject) -> Iterator[Row]:
    """The engine loaded the weights that the manifest names."""
    declared: dict[str, set[str | None]] = {}
    for entry in subject.dataset.manifest.models:
        declared.setdefault(entry.name, set()).add(entry.sha256)
    told = [(str(run.requested.get("model")), run.effective.get("model_sha256")) for run in subject.runs if run.usable]
    wrong = sorted({name for name, digest in told if digest and not declared.get(name, {None}) & {None, digest}})
    if not any(digest for _, digest in told):
        yield unknown("declared_models", "no engine reported a digest of its weights")
    else:
        yield judged(
            "declared_models",
            bool(wrong),
            Severity.ERROR,
            ", ".join(wrong) or f"{counted(len(declared), 'model')} as named",
        )
