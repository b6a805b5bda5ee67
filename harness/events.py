"""Raw facts that a run emits; never a metric.

All times are nanoseconds on the monotonic clock of one process (``time.monotonic_ns``), stored as
offsets: a request's times are offsets from its **planned** start, and the planned start is an offset
from the start of its run. Missing facts are ``None``; the outcome says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .outcomes import OK, Missing, Outcome

Scalar = str | int | float | bool | None
Settings = Mapping[str, Scalar]


class Phase(StrEnum):
    """Why a request was made. Cold and warm-up requests are kept and flagged, never deleted, and so are those that
    another tool cut off where it ended."""

    COLD = "cold"
    WARMUP = "warmup"
    MEASURED = "measured"
    UNFINISHED = "unfinished"


@dataclass(frozen=True, slots=True)
class Counters:
    """What the engine says about one request, in its own words; never mixed with the client's times.

    ``prompt_n`` tokens evaluated, ``cache_n`` prompt tokens reused from a cache, ``predicted_n`` tokens
    generated, ``*_ms`` the engine's own durations.
    """

    prompt_n: int | None = None
    cache_n: int | None = None
    prompt_ms: float | None = None
    predicted_n: int | None = None
    predicted_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One prompt and the stream that answered it.

    ``arrivals_ns[i]`` is when the bytes of content chunk *i* arrived (taken before decoding), ``tokens[i]``
    how many tokens it carried. Only non-empty content counts. ``connect_ns`` is a duration: what connecting cost,
    before the planned start where possible. A backend returns ``planned_ns`` as absolute time; the worker makes it
    the offset. ``server`` names the engine where a run has several; ``task`` and ``turn`` say which task of an agent
    asked, and which of its calls this was.
    """

    index: int
    phase: Phase
    prompt_id: str
    outcome: Outcome = OK
    stream: int = 0
    server: str = ""
    task: int | None = None
    turn: int | None = None
    planned_ns: int = 0
    connect_ns: int | None = None
    sent_ns: int | None = None
    first_byte_ns: int | None = None
    end_ns: int | None = None
    arrivals_ns: tuple[int, ...] = ()
    tokens: tuple[int, ...] = ()
    counters: Counters = Counters()
    effective: Settings = field(default_factory=dict)
    finish_reason: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One telemetry poll of one quantity; ``value`` is null exactly when ``missing`` says why."""

    probe: str
    quantity: str
    unit: str
    at_ns: int
    value: float | None
    missing: Missing | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """What an engine really is after it started: the evidence behind a run's labels.

    ``load_ns`` is the time from asking for the engine to its first readiness; ``effective`` holds the
    settings that it reports or that its devices prove; ``server`` is its name where a run has several.
    """

    engine: str
    engine_version: str
    load_ns: int
    effective: Settings
    server: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One task of an agent: files read, calls made, how it ended. Times are offsets from the start of the run.

    ``planned_ns`` is when it was to begin, ``started_ns`` when it did, ``ended_ns`` when it had reported.
    ``ingested_files`` and ``ingested_bytes`` count what it read; ``text`` is its report. Tasks of one ``round`` ran at
    the same time. The last six are what its process used; several tasks of one process share its processor time,
    its waiting and its switches in equal parts.
    """

    index: int
    agent: str
    language: str
    outcome: Outcome = OK
    server: str = ""
    planned_ns: int = 0
    started_ns: int | None = None
    ended_ns: int | None = None
    ingested_files: int | None = None
    ingested_bytes: int | None = None
    text: str = ""
    phase: Phase = Phase.MEASURED
    round: int = 0
    startup_ns: int | None = None
    peak_rss_bytes: int | None = None
    threads: int | None = None
    wait_ns: int | None = None
    cpu_ns: int | None = None
    context_switches: int | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One replicate of one cell in one fresh process: the unit of resume, isolation and statistics.

    ``started_unix_ns`` is wall-clock time, for people; ``duration_ns`` is monotonic.
    ``engines`` are those that started, the one of plain requests first. ``flags`` are validity flags by name with
    their evidence.
    """

    run_id: str
    cell_id: str
    replicate: int
    block: int
    position: int
    outcome: Outcome
    started_unix_ns: int
    duration_ns: int
    requested: Settings
    engines: tuple[Started, ...] = ()
    requests: tuple[Request, ...] = ()
    tasks: tuple[Task, ...] = ()
    readings: tuple[Reading, ...] = ()
    facts: Settings = field(default_factory=dict)
    flags: Mapping[str, str] = field(default_factory=dict)

    @property
    def started(self) -> Started | None:
        """The engine that was asked, or the first of several; ``None`` where none started."""
        return self.engines[0] if self.engines else None
