"""One run in time: when its calls were sent, worked on and answered, and what probes read meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import TypeAdapter

from harness.outcomes import Missing
from harness.units import S, unit

from ..values.evidence import Strength
from ..values.questions import Moment, Read
from ..values.questions.moments import STAGES, Stage
from ..values.questions.readings import TOLD, Told
from ..values.value import Value, absent
from .measurements import Measurements

_ROW = ("run_id", "request_index", "task", "phase", "planned_ns", "sent_ns", "arrivals_ns", "engine_prompt_ms")
_PLACES = ("run_id", "request_index", "task", "stream", "phase", "planned_ns", "end_ns")
LANES = 16
"""The most lanes of a timeline: more could not be told apart on a phone."""


@dataclass(frozen=True, slots=True)
class LaneCall:
    """A call by the index of its request, and the lane of a timeline on which it lies."""

    lane: str
    request: int


CALLS: TypeAdapter[tuple[LaneCall, ...]] = TypeAdapter(tuple[LaneCall, ...])
NUMBERS: TypeAdapter[tuple[int, ...]] = TypeAdapter(tuple[int, ...])


def calls_together(data: Measurements, run: str) -> tuple[LaneCall, ...]:
    """The calls of the first measured round in which most agents of a run worked, by agent and in their order."""
    return data.answers.of(["calls together", run], CALLS, lambda: _calls_together(data, run))


def _calls_together(data: Measurements, run: str) -> tuple[LaneCall, ...]:
    rounds: dict[int, list[dict[str, Any]]] = {}
    for task in _of_run(data, "tasks", run).to_pylist():
        if task["phase"] == "measured":
            rounds.setdefault(task["round"], []).append(task)
    largest = max(rounds.values(), key=len, default=[])
    agents = {task["task"]: task["agent"] for task in largest}
    found = (row for row in _places(data, run) if row["task"] in agents)
    calls = (LaneCall(agents[row["task"]], row["request_index"]) for row in found)
    return tuple(sorted(calls, key=lambda call: (call.lane, call.request)))


def calls_of_streams(data: Measurements, run: str, most: int) -> tuple[LaneCall, ...]:
    """The first measured requests of the first ``LANES`` streams of a run, about ``most`` in all.

    They are in the order of their streams and, of a stream, in that of their plan. A stream
    whose requests overlap, as those do that arrive at a rate, has a lane for each request.
    """
    return data.answers.of(
        ["calls of streams", run, most], CALLS, lambda: tuple(_calls_of_streams(_places(data, run), most))
    )


def _calls_of_streams(rows: list[dict[str, Any]], most: int) -> Iterator[LaneCall]:
    streams: dict[int, list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: (row["stream"], row["planned_ns"], row["request_index"])):
        if row["phase"] == "measured" and row["task"] is None:
            streams.setdefault(row["stream"], []).append(row)
    each = max(1, most // max(1, min(len(streams), LANES)))
    for stream, own in list(streams.items())[:LANES]:
        overlap = any(row["planned_ns"] + (row["end_ns"] or 0) > then["planned_ns"] for row, then in pairwise(own))
        for number, row in enumerate(own[: min(each, LANES) if overlap else each], 1):
            yield LaneCall(f"request {number}" if overlap else f"stream {stream + 1}", row["request_index"])


def moment(data: Measurements, run: str, request: int, stage: Stage) -> Value:
    """One moment of a request, seconds after the first of its round or of its phase was planned; missing where it was
    not reported."""
    return answer_moment(data, Moment(**data.about_dataset(), run=run, request=request, stage=stage))


def answer_moment(data: Measurements, question: Moment) -> Value:
    """The answer to a question about a moment."""
    return data.kept(question, lambda: _answer(data, question))


def _answer(data: Measurements, question: Moment) -> Value:
    meaning = STAGES[question.stage]
    table = _of_run(data, "requests", question.run, _ROW)
    row = next(iter(table.filter(pc.equal(table["request_index"], question.request)).to_pylist()), None)
    at_ns = None if row is None else _at_ns(row, question.stage)
    if row is None or at_ns is None:
        return absent(Missing.NOT_REPORTED, S, question, meaning)
    begin_ns = _begin_ns(data, question.run, row)
    return Value(
        (row["planned_ns"] + at_ns - begin_ns) / 1e9, S, Strength.MEASURED, n=1, question=question, definition=meaning
    )


def readings_while_measured(data: Measurements, run: str, quantity: str, most: int) -> tuple[int, ...]:
    """The numbers of at most ``most`` readings of a quantity, evenly chosen among those with a value from the planned
    start of the run's first measured request to the end of its last one."""
    return data.answers.of(
        ["readings while measured", run, quantity, most], NUMBERS, lambda: _while_measured(data, run, quantity, most)
    )


def _while_measured(data: Measurements, run: str, quantity: str, most: int) -> tuple[int, ...]:
    measured = [row for row in _places(data, run) if row["phase"] == "measured"]
    begin = min((row["planned_ns"] for row in measured), default=0)
    end = max((row["planned_ns"] + (row["end_ns"] or 0) for row in measured), default=0)
    read = _read(data, run, quantity)
    found = [
        number for number, row in enumerate(read) if row["value"] is not None and begin <= row["at_ns"] <= end > begin
    ]
    step = -(-len(found) // most) or 1
    return tuple(found[::step])


def reading(data: Measurements, run: str, quantity: str, number: int, told: Told) -> Value:
    """A reading of a run by its number in order of time: its value, or the seconds from when the first measured request
    was planned until it was read."""
    question = Read(**data.about_dataset(), run=run, quantity=quantity, number=number, told=told)
    return answer_reading(data, question)


def answer_reading(data: Measurements, question: Read) -> Value:
    """The answer to a question about a reading."""
    return data.kept(question, lambda: _answer_reading(data, question))


def _answer_reading(data: Measurements, question: Read) -> Value:
    meaning, timed = TOLD[question.told], question.told == "at"
    planned = [row["planned_ns"] for row in _places(data, question.run) if row["phase"] == "measured"]
    read = _read(data, question.run, question.quantity)
    if not planned or not 0 <= question.number < len(read):
        return absent(Missing.NOT_REPORTED, S if timed else unit(""), question, meaning)
    row = read[question.number]
    what, found = (S, (row["at_ns"] - min(planned)) / 1e9) if timed else (unit(row["unit"]), row["value"])
    if found is None:
        return absent(Missing.NOT_REPORTED, what, question, meaning)
    return Value(found, what, Strength.MEASURED, n=1, question=question, definition=meaning)


def _read(data: Measurements, run: str, quantity: str) -> list[dict[str, Any]]:
    """The readings of a quantity in order of time."""
    table = _of_run(data, "readings", run)
    found: list[dict[str, Any]] = table.filter(pc.equal(table["quantity"].cast("string"), quantity)).to_pylist()
    return sorted(found, key=lambda row: row["at_ns"])


def _begin_ns(data: Measurements, run: str, row: dict[str, Any]) -> int:
    """When the first task of the request's round was planned; without a task, the first request of its phase."""
    if row["task"] is None:
        return min(int(one["planned_ns"]) for one in _places(data, run) if one["phase"] == row["phase"])
    tasks = _of_run(data, "tasks", run).to_pylist()
    number = next((one["round"] for one in tasks if one["task"] == row["task"]), None)
    return min((one["planned_ns"] for one in tasks if one["round"] == number), default=0)


def _at_ns(row: dict[str, Any], stage: Stage) -> float | None:
    """When it was, after the planned start of the request."""
    sent: float | None = row["sent_ns"]
    arrivals: list[float] = row["arrivals_ns"] or []
    prompt_ms: float | None = row["engine_prompt_ms"]
    if stage == "sent" or not arrivals:
        return sent if stage == "sent" else None
    if stage == "prompt":
        return None if prompt_ms is None or sent is None else max(sent, arrivals[0] - 1e6 * prompt_ms)
    return arrivals[0] if stage == "first" else arrivals[-1]


def _places(data: Measurements, run: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _of_run(data, "requests", run, _PLACES).to_pylist()
    return found


def _of_run(data: Measurements, table: str, run: str, columns: tuple[str, ...] | None = None) -> pa.Table:
    rows = data.dataset.table(table, columns)
    return rows.filter(pc.equal(rows["run_id"], run))
