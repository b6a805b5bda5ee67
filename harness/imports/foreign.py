"""What the file of another tool says, in our events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..design import Value
from ..events import Counters, Phase, Request, Scalar
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
from ..recorder.request_spool import SpooledRequests

S, MS = 1e9, 1e6
"""Nanoseconds in one."""


@dataclass(frozen=True, slots=True)
class ForeignRun:
    """One benchmark of one load, or one repetition of a test. ``levels`` say what varied in the file.

    ``facts`` hold what the tool printed, by the ids of metrics. ``started_unix_ns`` and ``duration_ns`` are null where
    the file does not say.
    """

    levels: Mapping[str, Value]
    facts: Mapping[str, Scalar]
    requests: SpooledRequests | None = None
    started_unix_ns: int | None = None
    duration_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Foreign:
    """All runs of a file. ``told`` are the settings that the tool names, ``machine`` the facts of its machine,
    ``metrics`` the ids of what can be asked."""

    tool: str
    version: str | None
    model: str
    runs: Sequence[ForeignRun]
    metrics: Sequence[str]
    told: Mapping[str, Scalar] = field(default_factory=dict)
    machine: Mapping[str, Scalar] = field(default_factory=dict)
    parameters: int | None = None
    quantisation: str | None = None


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
    chunks_ns: Sequence[int]
    end_ns: int | None
    tokens: int | None
    all_chunks: bool = True
    outcome: Outcome = OK
    phase: Phase = Phase.MEASURED
    prompt_tokens: int | None = None
    text: str = ""
    told: Mapping[str, Scalar] = field(default_factory=dict)

    def request(self) -> Request:
        """The request in our events."""
        wait = self.wait_ns or 0
        chunks = () if self.tokens == 0 else tuple(wait + at for at in self.chunks_ns)
        effective: dict[str, Scalar] = dict(self.told)
        if not self.all_chunks:
            effective[CHUNKS_UNKNOWN] = True
        if chunks and (not self.all_chunks or self.tokens != len(chunks)):
            effective[COUNTED_TOKENS] = self.tokens
        if self.wait_ns is None:
            effective[PLANNED_UNKNOWN] = True
        if self.prompt_tokens is not None:
            effective[PROMPT_TOTAL] = self.prompt_tokens
        return Request(
            index=self.index,
            phase=self.phase,
            prompt_id=str(self.index),
            outcome=self.outcome,
            planned_ns=self.begin_ns - wait,
            sent_ns=wait,
            first_byte_ns=None,
            end_ns=None if self.end_ns is None else wait + self.end_ns,
            arrivals_ns=chunks,
            tokens=(1,) * len(chunks),
            counters=_NO_COUNTERS,
            effective=effective,
            text=self.text,
        )


_NO_COUNTERS = Counters()


def ns(number: float, unit: float) -> int:
    """A time as whole nanoseconds; ``unit`` is how many of them one has."""
    return round(number * unit)


def fact(metric_id: str, number: float | None, why: Missing = Missing.NOT_REPORTED) -> dict[str, Scalar]:
    """What a tool printed, as a fact of the run; where that is nothing, with the reason."""
    return {metric_id: number} if number is not None else {metric_id: None, metric_id + MISSING_SUFFIX: why.value}


def known(metrics: Iterable[str], runs: Iterable[ForeignRun]) -> list[str]:
    """Those of ``metrics`` that some run has a printed number of."""
    facts = [run.facts for run in runs]
    return [name for name in metrics if any(one.get(name) is not None for one in facts)]
