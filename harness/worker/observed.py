"""What a run has shown so far; it is kept when the run fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from ..events import Request, Scalar, Task
from ..outcomes import OK, Code, Outcome, Status, degraded, failed
from ..protocols.agent import Usage


@dataclass(slots=True)
class Observed:
    """Requests and tasks, their times as offsets from ``began_ns`` (absolute), the start of the run; facts by name."""

    began_ns: int
    requests: list[Request] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    facts: dict[str, Scalar] = field(default_factory=dict)

    def saw(self, request: Request, server: str) -> None:
        """Keeps a request to ``server`` whose ``planned_ns`` is absolute."""
        self.requests.append(replace(request, planned_ns=request.planned_ns - self.began_ns, server=server))

    def used(self, tasks: Collection[int], usage: Usage) -> None:
        """Notes what the process of these tasks used."""
        self.tasks = [_with(task, usage) if task.index in tasks else task for task in self.tasks]

    def ordered_requests(self) -> tuple[Request, ...]:
        """All requests by their index; those of agents, who cannot number them, by task and turn, numbered here."""
        if not self.tasks:
            return tuple(sorted(self.requests, key=lambda request: request.index))
        of_tasks = sorted(self.requests, key=lambda request: (request.task or 0, request.turn or 0))
        return tuple(replace(request, index=index) for index, request in enumerate(of_tasks))

    def ordered_tasks(self) -> tuple[Task, ...]:
        """All tasks by their index, whichever ended first."""
        return tuple(sorted(self.tasks, key=lambda task: task.index))

    def outcome(self) -> Outcome:
        """The outcome of the run: that of its tasks, or of its requests where these are good."""
        found = overall("tasks", (task.outcome for task in self.tasks))
        return overall("requests", (request.outcome for request in self.requests)) if found is OK else found


def _with(task: Task, usage: Usage) -> Task:
    return replace(
        task,
        startup_ns=usage.startup_ns,
        peak_rss_bytes=usage.peak_rss_bytes,
        threads=usage.threads,
        wait_ns=usage.wait_ns,
        cpu_ns=usage.cpu_ns,
        context_switches=usage.context_switches,
    )


def overall(what: str, outcomes: Iterable[Outcome]) -> Outcome:
    """One outcome from those of all ``what``: the failed ones, or else those that are less than asked for.

    Where none could be done here, the run is as little supported as they are.
    """
    found = list(outcomes)
    bad = [outcome for outcome in found if not outcome.usable]
    if not bad:
        return _worst_degraded(what, found)
    if all(outcome.status is Status.UNSUPPORTED for outcome in found):
        return found[0]
    detail = f"{len(bad)} of {len(found)} {what} failed; first: {bad[0].code}: {bad[0].detail}"
    build = failed if len(bad) == len(found) else degraded
    return build(Code.REQUESTS_FAILED, detail)


def _worst_degraded(what: str, found: Sequence[Outcome]) -> Outcome:
    """The most frequent way in which some are degraded; OK where none is."""
    lesser = [outcome for outcome in found if outcome.status is Status.DEGRADED]
    codes = Counter(outcome.code for outcome in lesser).most_common()
    if not codes:
        return OK
    code = codes[0][0]
    detail = next(outcome.detail for outcome in lesser if outcome.code is code)
    said = ", ".join(f"{n} {each}" for each, n in codes)
    return Outcome(Status.DEGRADED, code, f"{len(lesser)} of {len(found)} {what}: {said}; first: {detail}"[:500])
