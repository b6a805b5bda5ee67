"""Heartbeats, ends and errors of streams, and what is no stream at all."""

from __future__ import annotations

import json

import pytest

from harness.errors import Unavailable
from harness.outcomes import OK, Code
from tests.support.dialect_server import Manner, closing, delta, event, healthy, paced
from tests.support.met_server import meet

HEARTBEATS = [
    "data:\n\n",
    "data: \n\n",
    ": ping\n\n",
    ":\n\n",
    "event: ping\ndata: {}\n\n",
    'event: ping\ndata: {"type": "ping"}\n\n',
    "event: heartbeat\ndata: now\n\n",
    'event: metadata\ndata: {"request_id": "abc", "message": "routed"}\n\n',
    "data: {}\n\n",
    "data: null\n\n",
    "data: [PING]\n\n",
    "data: keep-alive\n\n",
    'data: {"type": "ping"}\n\n',
    'data: {"id": "x", "choices": null}\n\n',
]


@pytest.mark.parametrize("heartbeat", HEARTBEATS)
def test_heartbeats_say_nothing(heartbeat: str) -> None:
    _, request, _ = meet([heartbeat, *[piece for item in healthy() for piece in (heartbeat, item)], heartbeat])
    assert (request.outcome, request.tokens) == (OK, (1,) * 8)


@pytest.mark.parametrize(
    "end",
    [
        ["data: [DONE]\n"],
        ["data: [DONE]"],
        ["data:[DONE]\n\n"],
        [],
        [event({"usage": {"completion_tokens": 8}}, end="")],
    ],
)
def test_a_stream_ends_with_its_body(end: list[str]) -> None:
    script = [*paced(delta(f" w{k}") for k in range(8)), *closing(8)[:1], *end]
    _, request, _ = meet(script)
    assert (request.outcome, sum(request.tokens)) == (OK, 8)


def test_a_body_that_ends_without_a_reason_is_closed_early() -> None:
    with pytest.raises(Unavailable, match="closed_early"):
        meet(paced(delta(f" w{k}") for k in range(8)))


@pytest.mark.parametrize(
    "record",
    [
        "event: error\n" + event({"message": "out of blocks", "code": 500}),
        event({"error": {"message": "out of blocks"}}),
        event({"error": "out of blocks"}),
        event({"object": "error", "message": "out of blocks"}),
        "event: error\ndata: out of blocks\n\n",
    ],
)
def test_an_error_in_the_stream_is_one_in_every_shape(record: str) -> None:
    with pytest.raises(Unavailable, match="out of blocks"):
        meet([*paced([delta(" w0")]), record, *closing(1)])


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        (
            "application/json",
            json.dumps({"choices": [{"message": {"content": "all"}}], "usage": {}}),
            Code.NOT_STREAMED,
        ),
        ("text/html", "<!doctype html><title>Sign in</title>", Code.NOT_STREAMED),
        ("application/json", json.dumps({"error": {"message": "no such model"}}), Code.ERROR_IN_STREAM),
    ],
)
def test_what_is_no_stream_says_so(kind: str, body: str, code: Code) -> None:
    with pytest.raises(Unavailable, match=str(code)):
        meet([body], Manner(whole=True, type=kind))
