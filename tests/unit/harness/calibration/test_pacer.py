"""The pacer: every dialect is understood by the code that measures, its log is true, and it outlives bad peers.

No test asserts how punctual it is; that is what ``tests/benchmarks/client_error.py`` prints.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise

import pytest

from harness.backends import llama_cpp_wire, ollama_wire, openai_wire
from harness.calibration.pacer.backend import told
from harness.calibration.pacer.requests import take_request
from harness.calibration.pacer.truth import GroundTruth, Pace
from harness.calibration.written import written
from harness.client.decode import Dialect, decode_now
from harness.client.event_loop import new_event_loop
from harness.client.exchange import Exchange, Target, exchange
from harness.outcomes import OK, Code

DIALECTS = {
    "/completion": llama_cpp_wire.DIALECT,
    "/v1/completions": openai_wire.DIALECT,
    "/api/generate": ollama_wire.DIALECT,
}


@pytest.fixture(scope="module")
def pacer() -> Iterator[GroundTruth]:
    with GroundTruth() as running:
        yield running


def stream(pacer: GroundTruth, path: str, *paces: Pace, extra: str = "") -> list[Exchange]:
    async def together() -> list[Exchange]:
        targets = [Target(pacer.host, pacer.port, f"{path}?{pace.query()}{extra}") for pace in paces]
        return await asyncio.gather(*(exchange(target, b"{}") for target in targets))

    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(together())


@pytest.mark.parametrize(("path", "dialect"), DIALECTS.items())
def test_each_dialect_is_read_as_the_engine_that_it_imitates(pacer: GroundTruth, path: str, dialect: Dialect) -> None:
    (answer,) = stream(pacer, path, Pace("one", 2, 1, 12))
    decoded = decode_now(answer, dialect)
    assert decoded.outcome == OK
    assert decoded.text == " tok" * 12
    assert sum(decoded.tokens) == 12
    assert decoded.counters.predicted_n in (12, None)


def test_the_log_tells_what_was_written(pacer: GroundTruth) -> None:
    pacer.take_log()
    paces = [Pace(f"s{k}", 5 + k, 2, 10) for k in range(4)]
    answers = stream(pacer, "/completion", *paces)
    log = pacer.take_log()
    assert set(log) == {pace.id for pace in paces}
    for pace, answer in zip(paces, answers, strict=True):
        truth = log[pace.id]
        assert truth.due_ns - truth.seen_ns == pace.ttft_ms * 1e6
        assert len(truth.writes_ns) == pace.tokens
        assert all(b > a for a, b in pairwise(truth.writes_ns))
        assert all(wrote >= truth.due_ns + k * pace.itl_ms * 1e6 for k, wrote in enumerate(truth.writes_ns))
        arrivals = decode_now(answer, llama_cpp_wire.DIALECT).arrivals_ns
        assert all(seen > wrote for seen, wrote in zip(arrivals, truth.writes_ns, strict=True))
        assert answer.sent_ns is not None
        assert truth.seen_ns > answer.sent_ns
    assert pacer.take_log() == {}


def test_a_report_comes_back_with_the_stream_and_changes_nothing_else(pacer: GroundTruth) -> None:
    (answer,) = stream(pacer, "/completion", Pace("r", 1, 1, 6), extra="&report=1")
    assert decode_now(answer, llama_cpp_wire.DIALECT).text == " tok" * 6
    truth = written(told(answer))
    assert truth is not None
    assert len(truth.writes_ns) == 6
    assert pacer.take_log() == {}


def test_a_stream_without_a_report_tells_nothing(pacer: GroundTruth) -> None:
    (answer,) = stream(pacer, "/completion", Pace("q", 1, 1, 2))
    assert told(answer) == {}
    assert written({}) is None
    pacer.take_log()


def test_a_peer_that_leaves_does_not_disturb_the_others(pacer: GroundTruth) -> None:
    request = b"POST /completion?id=gone&ttft_ms=1&itl_ms=5&tokens=400 HTTP/1.1\r\nContent-Length: 0\r\n\r\n"
    for _ in range(3):
        with socket.create_connection((pacer.host, pacer.port)) as leaving:
            leaving.sendall(request)
            leaving.recv(64)
    (answer,) = stream(pacer, "/completion", Pace("stays", 1, 2, 20))
    assert decode_now(answer, llama_cpp_wire.DIALECT).text == " tok" * 20
    pacer.take_log()


def test_a_peer_that_does_not_read_gets_all_bytes_later(pacer: GroundTruth) -> None:
    tokens = 60_000
    with socket.socket() as lazy:
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lazy.connect((pacer.host, pacer.port))
        lazy.sendall(
            f"POST /completion?id=lazy&itl_ms=0&tokens={tokens} HTTP/1.1\r\nConnection: close\r\n\r\n".encode()
        )
        (other,) = stream(pacer, "/completion", Pace("other", 1, 1, 5))
        assert decode_now(other, llama_cpp_wire.DIALECT).text == " tok" * 5
        received = bytearray()
        while piece := lazy.recv(1 << 16):
            received += piece
    assert received.count(b'" tok"') == tokens
    assert received.endswith(b"0\r\n\r\n")
    assert len(pacer.take_log()["lazy"].writes_ns) == tokens


def test_what_it_does_not_know_is_404(pacer: GroundTruth) -> None:
    connection = http.client.HTTPConnection(pacer.host, pacer.port)
    connection.request("GET", "/nothing")
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())) == (404, {"error": "the pacer has no /nothing"})
    connection.close()


def test_what_is_not_http_is_dropped(pacer: GroundTruth) -> None:
    with socket.create_connection((pacer.host, pacer.port)) as peer:
        peer.sendall(b"hello\r\n\r\n")
        assert peer.recv(10) == b""


def test_it_ends_when_its_parent_does() -> None:
    with GroundTruth() as pacer:
        address = (pacer.host, pacer.port)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)
    alone = subprocess.run(
        [sys.executable, "-m", "harness.calibration.pacer.pacer"],
        input=b"{}\n",
        capture_output=True,
        timeout=1500,
        check=True,
    )
    assert json.loads(alone.stdout)["port"] > 0


def test_a_refused_exchange_is_a_failed_request_and_no_truth() -> None:
    with GroundTruth() as pacer:
        host, port = pacer.host, pacer.port

    async def ask() -> Exchange:
        return await exchange(Target(host, port, "/completion"), b"{}")

    answer = asyncio.run(ask())
    assert answer.outcome.code is Code.CONNECT_REFUSED
    assert told(answer) == {}


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_request_is_taken_when_it_is_complete(cut: int) -> None:
    whole = b"POST /a?id=1&tokens=2 HTTP/1.1\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody"
    request, rest = take_request(whole[:-cut] if cut else whole)
    assert request is None
    assert rest == whole[:-cut]
    request, rest = take_request(whole + b"GET")
    assert request is not None
    assert (request.path, request.query, request.close) == ("/a", {"id": "1", "tokens": "2"}, True)
    assert rest == b"GET"


def test_a_request_without_a_pace_gets_the_one_that_the_pacer_was_started_with() -> None:
    with GroundTruth(unasked=Pace("", ttft_ms=3.0, itl_ms=1.0, tokens=5)) as running:

        async def ask() -> Exchange:
            return await exchange(Target(running.host, running.port, "/v1/completions"), b"{}")

        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            assert len(decode_now(runner.run(ask()), openai_wire.DIALECT).arrivals_ns) == 5
        (truth,) = running.take_log().values()
    assert truth.due_ns - truth.seen_ns == 3_000_000
    assert len(truth.writes_ns) == 5
