"""What an agent says of a task is taken only where it can be true: in order, once, and about this task."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from time import monotonic_ns

import pytest

from harness.agents import wire
from harness.agents.corpus import digests, summary
from harness.agents.destination import Destination
from harness.agents.python.prompt import filled
from harness.agents.task_record import TaskRecord
from harness.events import Phase
from harness.outcomes import OK, Code, Outcome
from harness.protocols import EngineFailed
from harness.protocols.agent import Finished, TaskSpec
from harness.texts.agent_prompts import templates
from tests.support.stream_server import llama_body

Events = list[wire.OfTask]
ANSWER = " one two"
TASK = TaskSpec(3, "analyst", Phase.MEASURED, 0, 1, 8, 0.8, ignore_eos=True, settings={})


def a_call(prompt: str) -> Events:
    at, data = monotonic_ns(), b64encode(llama_body([" one", " two"])).decode()
    return [
        wire.CallPlanned("call_planned", 3, at, hashlib.sha256(prompt.encode()).hexdigest()),
        wire.Connected("connected", 3, at),
        wire.Sent("sent", 3, at),
        wire.Chunk("chunk", 3, at, data),
        wire.CallEnded("call_ended", 3, at, 200, None, "", at, None),
    ]


def told() -> Events:
    """All that a good agent says: where its first call begins is ``CALL``."""
    files = [wire.FileRead("ingested", 3, monotonic_ns(), name, *of) for name, of in digests().items()]
    prompts = [
        filled(template, summary(), answer) for template, answer in zip(templates("analyst"), ("", ANSWER), strict=True)
    ]
    began, calls = wire.Began("began", 3, files[0].at), [event for prompt in prompts for event in a_call(prompt)]
    return [began, *files, *calls, wire.TaskEnded("finished", 3, calls[-1].at, None, "", ANSWER)]


CALL = 1 + len(digests())
PLANNED, CONNECTED, SENT, CHUNK, ENDED = range(CALL, CALL + 5)


def outcome_of(change: Callable[[Events], object]) -> Outcome:
    record = TaskRecord(TASK, Destination("127.0.0.1", 9, "/"))
    events = told()
    change(events)
    try:
        *_, last = (said for event in events for said in record.take(event))
    except EngineFailed as error:
        return error.outcome
    assert isinstance(last, Finished)
    return last.outcome


def again(events: Events, place: int, which: int) -> None:
    """Says something a second time, with a stamp that fits its new place."""
    events.insert(place, replace(events[which], at=events[place - 1].at))


def headed(events: Events, at: int) -> None:
    ended = events[ENDED]
    assert isinstance(ended, wire.CallEnded)
    events[ENDED] = replace(ended, head_ns=at)


def reports(events: Events, text: str) -> None:
    ended = events[-1]
    assert isinstance(ended, wire.TaskEnded)
    events[-1] = replace(ended, text=text)


def test_a_task_told_in_order_is_ok() -> None:
    assert outcome_of(lambda _: None) == OK


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (lambda said: said.pop(0), Code.AGENT_GARBLED, "ingested before its task began"),
        (lambda said: again(said, CALL, 0), Code.AGENT_GARBLED, "began twice"),
        (lambda said: again(said, 2, 1), Code.AGENT_GARBLED, "of a file twice"),
        (lambda said: again(said, SENT, 1), Code.AGENT_GARBLED, "a file after its first call"),
        (lambda said: again(said, SENT, PLANNED), Code.AGENT_GARBLED, "not asked for"),
        (lambda said: again(said, CHUNK, CONNECTED), Code.AGENT_GARBLED, "connected twice, or after it sent"),
        (lambda said: again(said, CHUNK, SENT), Code.AGENT_GARBLED, "sent twice"),
        (lambda said: said.pop(SENT), Code.AGENT_GARBLED, "chunk before it sent"),
        (lambda said: again(said, len(said), CHUNK), Code.AGENT_GARBLED, "chunk outside a call"),
        (lambda said: headed(said, 0), Code.AGENT_CLOCK, "stamped outside its call"),
        (lambda said: headed(said, 1 << 62), Code.AGENT_CLOCK, "stamped outside its call"),
        (lambda said: reports(said, " one"), Code.AGENT_GARBLED, "not the answer to its last call"),
    ],
)  # fmt: skip
def test_what_cannot_be_true_is_not_measured(change: Callable[[Events], object], code: Code, words: str) -> None:
    outcome = outcome_of(change)
    assert (outcome.code, outcome.usable) == (code, False)
    assert words in outcome.detail
