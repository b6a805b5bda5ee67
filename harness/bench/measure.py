"""From a plan to a sealed dataset: a calibration where none applies, every run in its order, the seal."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Any

from ..calibration.lookup import applicable_envelope
from ..datasets.catalog import find
from ..datasets.read import Dataset
from ..design import Study, Value
from ..design.load import ClosedLoop
from ..design.scope import COMMAND
from ..errors import ResumeRefused, RunsFailed, Unavailable
from ..events import Phase, Run
from ..execution.calibration_choice import begun_header, sealed_from, set_aside
from ..execution.executor import Observer, execute, perform
from ..execution.preflights import preflights
from ..execution.recording_session import Session
from ..outcomes import USABLE
from ..probes import environment
from ..protocols.envelope import Envelope
from ..recorder.seal import seal
from ..studies.calibration import SHORT, short
from ..validity.audit import objections
from .destination import Destination
from .load_plan import PROFILE, LoadPlan, bench_study
from .sweep import Step, Sweep, sweep

Watch = Callable[[Session], AbstractContextManager[Observer]]
"""Shows the progress of a session."""
Say = Callable[[str], None]
_LARGEST_GRID = 64


@dataclass(frozen=True, slots=True)
class Bench:
    """Where results go and who is told: ``data`` is the folder of datasets, ``state`` that of journals."""

    data: Path
    state: Path
    watch: Watch
    say: Say

    def session(self, study: Study, profile: str, destination: Destination | None = None) -> Session:
        """A session of ``study``."""
        models = {destination.model.name: destination.model} if destination else {}
        return Session(study, study.profile(profile), {}, self.state, models=models)

    def calibrated(self, study: Study) -> Envelope | None:
        """What vouches for the client on this host at the loads of ``study``; takes a short calibration where nothing
        does yet."""
        streams = [load.streams for load in _loads(study) if isinstance(load, ClosedLoop)] or [_LARGEST_GRID]
        found = applicable_envelope(self.data, environment.facts())
        if found and any(point.streams >= min(max(streams), _LARGEST_GRID) for point in found.points):
            return found
        calibration = self.session(short(streams), SHORT)
        if calibration.journal.exists():
            set_aside(calibration)
        self.say("Calibrating the client on this machine, once:")
        try:
            self._recorded(calibration)
        except (RunsFailed, Unavailable) as error:
            self.say(f"No calibration, so no run is judged by one: {error}")
            return None
        newest = Dataset.open(find(self.data, calibration.study.id).path)
        against = "; ".join(f"{row.rule}: {row.evidence}" for row in objections(newest, self.data))
        if against:
            self.say(f"The calibration vouches for nothing: {against}")
        return applicable_envelope(self.data, environment.facts())

    def measured(self, study: Study, destination: Destination) -> Dataset:
        """The runs of ``study``, sealed. A journal of the same plan is continued, another one is kept aside."""
        session = self.session(study, PROFILE, destination)
        header = begun_header(session)
        if header and (header.fingerprint != study.fingerprint() or sealed_from(session, self.data)):
            set_aside(session)
        session = replace(session, envelope=self.calibrated(study))
        try:
            return self._recorded(session)
        except ResumeRefused as refused:
            self.say(f"{refused}. The old journal is kept aside; it begins anew.")
            set_aside(session)
            return self._recorded(session)

    def begun(self, study: Study) -> tuple[Value, ...]:
        """The loads of a recording that the same command began and that was stopped; empty where there is none."""
        session = self.session(study, PROFILE)
        header = begun_header(session)
        command = dict(study.fixed).get(COMMAND)
        design: dict[str, Any] = header.design if header else {"fixed": {}}
        if header is None or design["fixed"].get(COMMAND) != command or sealed_from(session, self.data):
            return ()
        return tuple(design["factors"][0]["levels"])

    def saturated(self, plan: LoadPlan, destination: Destination, name: str, failed: float, most: int) -> Sweep:
        """The loads up to saturation, each tried with one run that is not recorded."""

        def session_of(streams: int) -> Session:
            study = bench_study(replace(plan, load=replace(plan.load, levels=(streams,)), runs=1), destination, name)
            return self.session(study, PROFILE, destination)

        first = session_of(1)
        found = preflights(first.study, first.planned)
        tried: set[int] = set()

        def attempt(streams: int) -> Step:
            session = session_of(streams)
            session.folder.mkdir(parents=True, exist_ok=True)
            step = step_of(perform(session, session.planned[0], found), streams)
            again = " (again)" if streams in tried else ""
            tried.add(streams)
            self.say(f"  {streams} at once{again}: {step.tokens_per_s:,.1f} tok/s, {step.failed:.0%} failed")
            return step

        self.say("Looking for the load that saturates the server:")
        return sweep(attempt, failed, most)

    def _recorded(self, session: Session) -> Dataset:
        with self.watch(session) as observe:
            executed = execute(session, observe)
        if not any(executed.outcomes[status] for status in USABLE):
            raise RunsFailed(f"no run of {session.name} was usable; see {session.folder / 'logs'}")
        return Dataset.open(seal(session.journal, self.data).path)


def step_of(run: Run, streams: int) -> Step:
    """One tried load, from its run. Raises ``RunsFailed`` where the run made no request at all.

    Streams begin to be measured one after another, as each has made its unmeasured requests: what the server made for
    any of them, from the first measured start to the last measured end, is its throughput.
    """
    measured = [request for request in run.requests if request.phase is Phase.MEASURED]
    if not measured:
        raise RunsFailed(f"{streams} at once: {run.outcome.code}: {run.outcome.detail}")
    begin = min(request.planned_ns for request in measured)
    end = max(request.planned_ns + (request.end_ns or 0) for request in measured)
    tokens = sum(
        number
        for request in run.requests
        if request.outcome.usable
        for at, number in zip(request.arrivals_ns, request.tokens, strict=True)
        if begin <= request.planned_ns + at <= end
    )
    rate = tokens / ((end - begin) / 1e9) if end > begin else 0.0
    return Step(streams, rate, fmean(not request.outcome.usable for request in measured))


def _loads(study: Study) -> list[object]:
    return [study.run_settings(cell).load for cell in study.matrix(PROFILE).cells()]
