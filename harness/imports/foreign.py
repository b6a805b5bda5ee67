"""What the file of another tool says, in our events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ..design import Value
from ..design.factor import RUN_COLUMNS
from ..events import Phase, Scalar
from ..outcomes import (
    CHUNKS_UNKNOWN,
    COUNTED_TOKENS,
    MISSING_SUFFIX,
    OK,
    PLANNED_UNKNOWN,
    PROMPT_TOTAL,
    Missing,
    Outcome,
)
from ..recorder.request_spool import Spooled, SpooledRequests
from .fields import LATEST_NS, Fields

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

S, MS = 1e9, 1e6
"""Nanoseconds in one."""
MODEL = "model"
"""The level that tells runs of several models apart."""
LONGEST_NAME = 200
MOST_TOKENS = 100_000_000
LONGEST_NS = 366 * 86_400 * 10**9
"""No benchmark lasts longer."""
MOST_RUNS = 10_000
"""A file with more benchmarks than that is a mistake."""
MOST_REPETITIONS = 50_000
"""Each repetition of a tool without requests is a run, and so many of them fill the memory."""
STREAMED = (
    "ttft",
    "ttft_from_send",
    "itl",
    "inter_chunk_latency",
    "tpot",
    "e2e_latency",
    "e2e_from_send",
    "output_token_throughput",
    "request_throughput",
)
"""The metrics of requests whose call, chunks and tokens a tool records and defines as we do."""


@dataclass(frozen=True, slots=True)
class ForeignRun:
    """One benchmark of one load, or one repetition of a test. ``levels`` say what varied in the file.

    ``facts`` hold what the tool printed, by the ids of metrics. ``started_unix_ns`` and ``duration_ns`` are null where
    the file does not say. ``remark`` is what to know of the file, in one line.
    """

    levels: Mapping[str, Value]
    facts: Mapping[str, Scalar]
    requests: SpooledRequests | None = None
    started_unix_ns: int | None = None
    duration_ns: int | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class ForeignModel:
    """A model by the name that the file has for it."""

    name: str
    parameters: int | None = None
    quantisation: str | None = None


@dataclass(frozen=True, slots=True)
class Foreign:
    """All runs of a file. ``told`` are the settings that the tool names, ``machine`` the facts of its machine,
    ``metrics`` the ids of what can be asked. Of several ``models`` each run has the level ``MODEL``, or each runs with
    all of them."""

    tool: str
    version: str | None
    models: Sequence[ForeignModel]
    runs: Sequence[ForeignRun]
    metrics: Sequence[str]
    told: Mapping[str, Scalar] = field(default_factory=dict)
    machine: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One request of another tool. ``begin_ns`` is its sending after the start of the run; chunks and the end are
    nanoseconds after sending, ``wait_ns`` what lay between the planned start and sending (null: not known).

    ``tokens`` were counted over the whole answer; null where nobody counted. ``all_chunks`` is false where only the
    first and the last chunk are known.
    """

    index: int
    begin_ns: int
    wait_ns: int | None
    chunks_ns: Ints
    end_ns: int | None
    tokens: int | None
    all_chunks: bool = True
    outcome: Outcome = OK
    phase: Phase = Phase.MEASURED
    prompt_tokens: int | None = None
    text: str = ""
    told: Mapping[str, Scalar] = field(default_factory=dict)

    def spool(self, requests: SpooledRequests) -> None:
        """Adds the request in our events. Raises ``ValueError``, ``OSError``."""
        wait, chunks = self.wait_ns or 0, self.chunks_ns
        if max(self.tokens or 0, self.prompt_tokens or 0) > MOST_TOKENS:
            raise ValueError(f"it has more than {MOST_TOKENS:,} tokens")
        if self.outcome.usable and len(chunks) and (chunks[0] < 0 or np.count_nonzero(chunks[1:] < chunks[:-1])):
            raise ValueError("a chunk comes before the one before it, or before the request")
        if self.outcome.usable and self.end_ns is not None and self.end_ns < 0:
            raise ValueError("it ends before it begins")
        if (
            wait < 0
            and self.outcome.usable
            and any(at + wait < 0 for at in (*chunks[:1], self.end_ns) if at is not None)
        ):
            raise ValueError("it was answered before its planned start")
        if self.tokens == 0:
            chunks = NO_CHUNKS
        requests.add(
            Spooled(
                request_index=self.index,
                phase=self.phase.value,
                prompt_id=str(self.index),
                outcome=self.outcome,
                planned_ns=self.begin_ns - wait,
                sent_ns=wait,
                end_ns=None if self.end_ns is None else wait + self.end_ns,
                arrivals_ns=chunks + wait if wait else chunks,
                effective=self._effective(len(chunks)),
                text=self.text,
            )
        )

    def _effective(self, chunks: int) -> dict[str, Scalar]:
        found: dict[str, Scalar] = dict(self.told)
        if not self.all_chunks:
            found[CHUNKS_UNKNOWN] = True
        if not self.all_chunks or self.tokens != chunks:
            found[COUNTED_TOKENS] = self.tokens
        if self.wait_ns is None:
            found[PLANNED_UNKNOWN] = True
        if self.prompt_tokens is not None:
            found[PROMPT_TOTAL] = self.prompt_tokens
        return found


@dataclass(slots=True)
class Span:
    """From the earliest sending to the latest end of requests that stand in a file in any order, in nanoseconds after
    the sending of the first one there; ``from_plan`` counts a start that was planned before its sending."""

    from_plan: bool = False
    earliest_ns: int = 0
    latest_ns: int = 0

    def hold(self, answer: Answer) -> None:
        """Takes one request. Raises ``ValueError`` where it is more than a year away from another one."""
        before = max(0, answer.wait_ns or 0) if self.from_plan else 0
        self.earliest_ns = min(self.earliest_ns, answer.begin_ns - before)
        self.latest_ns = max(self.latest_ns, answer.begin_ns + (answer.end_ns or 0))
        if self.duration_ns > LONGEST_NS:
            raise ValueError("it is more than a year before or after another request")

    @property
    def duration_ns(self) -> int:
        """What it lasts."""
        return self.latest_ns - self.earliest_ns


NO_CHUNKS: Ints = np.empty(0, np.int64)


def stamps(numbers: Sequence[float], unit: float) -> Ints:
    """Times as whole nanoseconds; ``unit`` is how many of them one has. Raises ``ValueError``."""
    return _whole(np.array(numbers, np.float64), unit)


def summed(first: float, gaps: Sequence[float] | Floats, unit: float) -> Ints:
    """The arrivals of chunks as whole nanoseconds, from the first one and the gaps after it."""
    times = np.empty(len(gaps) + 1)
    times[0], times[1:] = first, gaps
    return _whole(np.add.accumulate(times, out=times), unit)


def _whole(times: Floats, unit: float) -> Ints:
    """Changes ``times``."""
    times *= unit
    if len(times) and not max(-times.min(), times.max()) < LATEST_NS:
        raise ValueError("a time is longer than a hundred years")
    return np.rint(times, out=times).astype(np.int64)


def ns(number: float, unit: float) -> int:
    """A time as whole nanoseconds; ``unit`` is how many of them one has. Raises ``ValueError``."""
    found = round(number * unit)
    if abs(found) > LATEST_NS:
        raise ValueError("a time is longer than a hundred years")
    return found


def fact(metric_id: str, number: float | None, why: Missing = Missing.NOT_REPORTED) -> dict[str, Scalar]:
    """What a tool printed, as a fact of the run; where that is nothing, with the reason."""
    return {metric_id: number} if number is not None else {metric_id: None, metric_id + MISSING_SUFFIX: why.value}


def named(names: Iterable[str | None]) -> list[ForeignModel]:
    """The models of these names, each once."""
    found = dict.fromkeys(name[:LONGEST_NAME] for name in names if name)
    return [ForeignModel(name) for name in found or ("model not recorded",)]


def varied(rows: Sequence[Fields], names: Iterable[str]) -> list[tuple[str, ...]]:
    """Those of ``names`` that are not the same in all rows; those that tell the same rows apart stand together."""
    groups: dict[tuple[int, ...], list[str]] = {}
    for name in names:
        seen: dict[str, int] = {}
        pattern = tuple(seen.setdefault(repr(row.scalar(name)), len(seen)) for row in rows)
        if len(seen) > 1:
            groups.setdefault(pattern, []).append(name)
    return [tuple(group) for group in groups.values()]


def levels_of(row: Fields, groups: Iterable[tuple[str, ...]]) -> dict[str, Value]:
    """The levels of a row for what ``varied`` found."""
    return {
        ", ".join(f"{name} (of the tool)" if name in RUN_COLUMNS else name for name in group): ", ".join(
            _level(row.scalar(name)) for name in group
        )
        for group in groups
    }


def _level(value: Scalar) -> str:
    return "null" if value is None else str(value)


def known(metrics: Iterable[str], runs: Iterable[ForeignRun]) -> list[str]:
    """Those of ``metrics`` that some run has a printed number of."""
    facts = [run.facts for run in runs]
    return [name for name in metrics if any(one.get(name) is not None for one in facts)]
