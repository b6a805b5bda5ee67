"""Makes every planned run of a session once, in its order, each in a fresh worker; resumes where it stopped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ..design import Planned
from ..errors import Interrupted, UsageError
from ..events import Run
from ..outcomes import Code, failed
from ..protocols.run_spec import run_spec
from ..recorder import lock
from ..recorder.recorder import Recorder
from .agent_programs import build_agents
from .recording_session import Session
from .settings_check import check_settings
from .worker_process import WorkerProcess


@dataclass(frozen=True, slots=True)
class Progress:
    """Said before each run (``run`` is ``None``) and after it."""

    done: int
    total: int
    planned: Planned
    run: Run | None


@dataclass(frozen=True, slots=True)
class Executed:
    """What one call of ``execute`` left behind: outcome counts over the whole journal, and what it added."""

    journal: Path
    outcomes: Counter[str]
    added: int
    dropped_bytes: int


Observer = Callable[[Progress], None]


def execute(session: Session, observe: Observer, *, resume: bool = False) -> Executed:
    """Records what is still missing of ``session``.

    A journal that exists is continued. ``resume`` insists that there is one, and opens a new stratum where the
    environment has changed since. Raises ``LockHeld``, ``ResumeRefused``, ``JournalCorrupt``,
    ``JournalWriteFailed``, ``UsageError`` (also for settings that no run can have); ``Interrupted`` after Ctrl-C,
    with everything finished kept.
    """
    check_settings(session.study, session.cells)
    build_agents(session.study, session.cells)
    session.folder.mkdir(parents=True, exist_ok=True)
    with lock.hold(session.folder / "lock", f"harness run {session.name}"), _recorder(session, resume) as recorder:
        already = len(recorder.runs)
        try:
            _record_missing(session, recorder, observe)
        except KeyboardInterrupt:
            raise Interrupted(
                f"stopped after {len(recorder.runs)} of {len(session.planned)} runs; all are kept. "
                "Run the same command again to continue"
            ) from None
        outcomes = Counter(run.outcome.status.value for run in recorder.runs.values())
        return Executed(session.journal, outcomes, len(recorder.runs) - already, recorder.recovered.dropped_bytes)


def busy_beside(session: Session) -> tuple[str, ...]:
    """What is being recorded at the same time, under the same state, in words: each disturbs the other."""
    return tuple(
        f"{one.purpose} has been recording since {one.since} (process {one.pid}): two recordings at once disturb each "
        "other; stop one of them"
        for one in lock.busy_beside(session.folder / "lock")
    )


def _recorder(session: Session, resume: bool) -> Recorder:
    header = session.header()
    if session.journal.exists():
        return Recorder.resume(session.journal, header, new_stratum=resume)
    if resume:
        raise UsageError(f"nothing to resume for {session.name}; run without --resume to begin")
    return Recorder.create(session.journal, header)


def _record_missing(session: Session, recorder: Recorder, observe: Observer) -> None:
    planned = session.planned
    for number, item in enumerate(planned):
        if item.run_id in recorder.runs:
            continue
        observe(Progress(number, len(planned), item, None))
        run = _record(recorder, perform(session, item))
        observe(Progress(number + 1, len(planned), item, run))


def _record(recorder: Recorder, run: Run) -> Run:
    """Appends the run; one that the schema cannot hold becomes a failed run that says so."""
    try:
        recorder.append(run)
    except ValueError as error:
        outcome = failed(Code.WORKER_CRASHED, f"a result that cannot be recorded: {error}")
        run = replace(run, outcome=outcome, engines=(), requests=(), tasks=(), readings=(), facts={}, flags={})
        recorder.append(run)
    return run


def perform(session: Session, item: Planned) -> Run:
    """One planned run in a fresh worker, killed at the profile's time limit."""
    logs = session.folder / "logs"
    logs.mkdir(exist_ok=True)
    engine_logs = str(logs / f"{item.run_id}.engine")
    spec = run_spec(
        session.study, session.profile, item, engine_logs, session.envelope, session.unregistered(item.cell)
    )
    with WorkerProcess(spec, logs / f"{item.run_id}.log") as worker:
        return worker.result(session.profile.run_timeout_s)
