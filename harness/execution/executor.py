"""Makes every planned run of a session once, in its order, each in a fresh worker; resumes where it stopped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from ..design import Planned
from ..errors import Interrupted, RunsFailed, Unavailable, UsageError
from ..events import Run
from ..outcomes import Code, failed
from ..protocols.run_spec import run_spec
from ..recorder import lock
from ..recorder.recorder import Recorder
from .agent_programs import build_agents
from .outage import MOST_OUTAGES, MOST_REFUSALS, PATIENCE_S, Patience, is_outage, is_refusal, is_retried
from .preflights import NOTHING_ASKED, Preflights, Tell, is_foreign, preflights
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


def execute(
    session: Session,
    observe: Observer,
    *,
    resume: bool = False,
    retry_failed: bool = False,
    patience_s: float = PATIENCE_S,
    tell: Tell = lambda _: None,
) -> Executed:
    """Records what is still missing of ``session``; a journal that exists is continued.

    ``resume`` insists that there is one, and opens a new stratum where the environment has changed since;
    ``retry_failed`` measures runs that failed again. Servers that somebody else runs are asked first what they accept,
    and ``tell`` hears what was found; ``patience_s`` is how long the session waits, in all, for those that go away.

    Raises ``Unavailable`` where none can be measured, and where one stays away for longer; ``RunsFailed`` where one
    refuses everything; ``LockHeld``, ``ResumeRefused``, ``JournalCorrupt``, ``JournalWriteFailed``, ``UsageError``
    (also for settings that no run can have); ``Interrupted`` after Ctrl-C. Everything finished is kept.
    """
    check_settings(session.study, session.cells)
    build_agents(session.study, session.cells)
    session.folder.mkdir(parents=True, exist_ok=True)
    with lock.hold(session.folder / "lock", f"harness run {session.name}"), ExitStack() as stack:
        found = NOTHING_ASKED if session.journal.exists() else preflights(session.study, session.planned, tell)
        recorder = stack.enter_context(_recorder(session, resume))
        if retry_failed:
            recorder.withdraw([run.run_id for run in recorder.runs.values() if is_retried(run)])
        recorded = recorder.runs
        missing = [item for item in session.planned if item.run_id not in recorded]
        if missing and not found.known:
            found = preflights(session.study, missing, tell)
        already = len(recorded)
        try:
            _record_missing(session, recorder, observe, found, Patience(patience_s))
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


def _record_missing(
    session: Session, recorder: Recorder, observe: Observer, found: Preflights, patience: Patience
) -> None:
    planned, refusals, recorded = session.planned, 0, set(recorder.runs)
    for number, item in enumerate(planned):
        if item.run_id in recorded:
            continue
        observe(Progress(number, len(planned), item, None))
        run = _record(recorder, _patiently(session, item, found, patience, len(recorded)))
        recorded.add(item.run_id)
        observe(Progress(number + 1, len(planned), item, run))
        refusals = refusals + 1 if is_refusal(run) else 0
        if refusals == MOST_REFUSALS:
            raise RunsFailed(
                f"{refusals} runs in a row were refused by their server ({run.outcome.detail}); "
                f"{len(recorded)} of {len(planned)} runs are kept. Correct the cause and add --retry-failed"
            )


def _patiently(session: Session, item: Planned, found: Preflights, patience: Patience, kept: int) -> Run:
    """One run; one of which nothing was measured because its server was away is made again when that is back."""
    foreign = [server for server in session.study.run_settings(item.cell).servers if is_foreign(server)]
    waited = 0.0
    run = perform(session, item, found)
    for _ in range(MOST_OUTAGES if foreign and found.serves(foreign) else 0):
        if not is_outage(run):
            break
        try:
            waited += patience.wait(foreign)
        except Unavailable as error:
            raise Unavailable(
                f"a server went away and did not come back in time: {error}; {kept} of {len(session.planned)} runs are "
                "kept. Run the same command again to continue"
            ) from None
        run = perform(session, item, found)
    return replace(run, facts={**run.facts, "outage_wait_s": round(waited, 3)}) if waited else run


def _record(recorder: Recorder, run: Run) -> Run:
    """Appends the run; one that the schema cannot hold becomes a failed run that says so."""
    try:
        recorder.append(run)
    except ValueError as error:
        outcome = failed(Code.WORKER_CRASHED, f"a result that cannot be recorded: {error}")
        run = replace(run, outcome=outcome, engines=(), requests=(), tasks=(), readings=(), facts={}, flags={})
        recorder.append(run)
    return run


def perform(session: Session, item: Planned, found: Preflights = NOTHING_ASKED) -> Run:
    """One planned run in a fresh worker, killed at the profile's time limit; ``found`` tells what servers accept."""
    logs = session.folder / "logs"
    logs.mkdir(exist_ok=True)
    engine_logs = str(logs / f"{item.run_id}.engine")
    unregistered = session.unregistered(item.cell)
    spec = run_spec(session.study, session.profile, item, engine_logs, session.envelope, unregistered)
    with WorkerProcess(found.applied(spec), logs / f"{item.run_id}.log") as worker:
        return worker.result(session.profile.run_timeout_s)
