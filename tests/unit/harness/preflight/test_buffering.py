"""Streams that something on their way held back are found."""

from __future__ import annotations

import pytest

from harness.outcomes import Code, Status
from harness.preflight import Level, Topic
from tests.support.dialect_server import case, closing, delta, healthy, paced
from tests.support.met_server import meet, said


def test_a_proxy_that_buffers_everything_is_found_and_degrades() -> None:
    for name in ("proxy-buffers-everything",):
        found, request, _ = meet(*case(name))
        assert (request.outcome.status, request.outcome.code) == (Status.DEGRADED, Code.BUFFERED)
        assert said(found, Topic.BUFFERING)[0][0] is Level.WARNING


@pytest.mark.parametrize("burst", [3, 5])
def test_a_proxy_that_buffers_in_bursts_is_found(burst: int) -> None:
    chunks = [delta(f" w{k}") for k in range(15)]
    bursts = ["".join(chunks[at : at + burst]) for at in range(0, 15, burst)]
    found, request, _ = meet([*paced(bursts, 0.06), *closing(15)])
    assert said(found, Topic.BUFFERING)[0][0] is Level.WARNING
    assert sum(request.tokens) == 15
    assert said(meet(*case("proxy-buffers-bursts"))[0], Topic.BUFFERING)[0][0] is Level.WARNING


def test_what_streams_one_by_one_is_said_so() -> None:
    found, _, _ = meet(healthy(16))
    assert said(found, Topic.BUFFERING) == [(Level.FOUND, "chunks come one by one")]
    assert not found.warnings
