"""When the calls of one run were sent, when their prompts were worked on, and when their tokens came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc
from pydantic import TypeAdapter

from harness.outcomes import Missing
from harness.units import S

from ..values.evidence import Strength
from ..values.questions import Moment
from ..values.questions.moments import STAGES, Stage
from ..values.value import Value, absent
from .measurements import Measurements

_COLUMNS = ("run_id", "request_index", "task", "planned_ns", "sent_ns", "arrivals_ns", "engine_prompt_ms")


@dataclass(frozen=True, slots=True)
class AgentCall:
    """A call of an agent by the index of its request."""

    agent: str
    request: int


CALLS: TypeAdapter[tuple[AgentCall, ...]] = TypeAdapter(tuple[AgentCall, ...])


def calls_together(data: Measurements, run: str) -> tuple[AgentCall, ...]:
    """The calls of the first measured round in which most agents of a run worked, by agent and in their order."""
    return data.answers.of(["calls together", run], CALLS, lambda: _calls_together(data, run))


def _calls_together(data: Measurements, run: str) -> tuple[AgentCall, ...]:
    rounds: dict[int, list[dict[str, Any]]] = {}
    for task in _rows(data, "tasks", run):
        if task["phase"] == "measured":
            rounds.setdefault(task["round"], []).append(task)
    largest = max(rounds.values(), key=len, default=[])
    agents = {task["task"]: task["agent"] for task in largest}
    found = (row for row in _rows(data, "requests", run) if row["task"] in agents)
    calls = (AgentCall(agents[row["task"]], row["request_index"]) for row in found)
    return tuple(sorted(calls, key=lambda call: (call.agent, call.request)))


def moment(data: Measurements, run: str, request: int, stage: Stage) -> Value:
    """One moment of a request, seconds after its round was to begin; missing where it was not reported."""
    return answer_moment(data, Moment(**data.about_dataset(), run=run, request=request, stage=stage))


def answer_moment(data: Measurements, question: Moment) -> Value:
    """The answer to a question about a moment."""
    return data.kept(question, lambda: _answer(data, question))


def _answer(data: Measurements, question: Moment) -> Value:
    meaning = STAGES[question.stage]
    row = next((row for row in _rows(data, "requests", question.run) if row["request_index"] == question.request), None)
    at_ns = None if row is None else _at_ns(row, question.stage)
    if row is None or at_ns is None:
        return absent(Missing.NOT_REPORTED, S, question, meaning)
    begin_ns = _begin_ns(data, question.run, row["task"])
    return Value(
        (row["planned_ns"] + at_ns - begin_ns) / 1e9, S, Strength.MEASURED, n=1, question=question, definition=meaning
    )


def _begin_ns(data: Measurements, run: str, task: int | None) -> int:
    tasks = _rows(data, "tasks", run)
    number = next((one["round"] for one in tasks if one["task"] == task), None)
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


def _rows(data: Measurements, table: str, run: str) -> list[dict[str, Any]]:
    rows = data.dataset.table(table, _COLUMNS if table == "requests" else None)
    found: list[dict[str, Any]] = rows.filter(pc.equal(rows["run_id"], run)).to_pylist()
    return found
