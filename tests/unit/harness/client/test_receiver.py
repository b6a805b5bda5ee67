"""The receive path: HTTP off, stamps on, limits kept."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from harness.client import receiver
from harness.client.receiver import LIMITS, Limits, Receiver
from harness.outcomes import OK, Code
from tests.support.stream_server import HEAD, http_chunk, replay

PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


@pytest.fixture
def ticking(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A clock that advances by 1 each time it is read."""
    ticks = count(1)
    monkeypatch.setattr(receiver, "monotonic_ns", lambda: next(ticks))
    return


@pytest.mark.usefixtures("ticking")
def test_each_piece_of_the_body_has_the_stamp_of_its_segment() -> None:
    answer = replay([HEAD, http_chunk(b"a") + http_chunk(b"b"), http_chunk(b"cd")[:4], b"d\r\n0\r\n\r\n"])
    assert answer.chunks == [b"a", b"b", b"c", b"d"]
    assert answer.stamps == [2, 2, 3, 4]
    assert (answer.first_byte_ns, answer.end_ns) == (1, 4)
    assert answer.outcome is OK


def test_finished_is_called_once() -> None:
    calls: list[None] = []
    receiving = Receiver(lambda: calls.append(None))
    receiving.data_received(PLAIN)
    receiving.connection_lost(None)
    receiving.fail(Code.GAP_TIMEOUT, "late")
    assert calls == [None]
    assert receiving.outcome is OK


@pytest.mark.parametrize(
    "whole",
    [
        PLAIN,
        HEAD + http_chunk(b"hel") + http_chunk(b"lo") + b"0\r\n\r\n",
        HEAD + b"5;ext=1\r\nhello\r\n0\r\nTrailer: x\r\n\r\n",
        b"HTTP/1.0 200 OK\r\n\r\nhello",
        b"HTTP/1.1 100 Continue\r\n\r\n" + PLAIN,
        PLAIN + b"HTTP/1.1 200 OK\r\n\r\nmore",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello",
    ],
)
def test_each_way_to_end_a_body_is_understood(whole: bytes) -> None:
    answer = replay([whole])
    assert (answer.outcome, answer.status, b"".join(answer.chunks)) == (OK, 200, b"hello")


@pytest.mark.parametrize(
    ("whole", "code"),
    [
        (b"", Code.CLOSED_EARLY),
        (b"HTTP/1.1 200 OK\r\nContent-", Code.CLOSED_EARLY),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", Code.CLOSED_EARLY),
        (HEAD + http_chunk(b"hello"), Code.CLOSED_EARLY),
        (b"SSH-2.0-OpenSSH_9.6\r\n", Code.BAD_FRAME),
        (HEAD + b"zz\r\nhello\r\n", Code.BAD_FRAME),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", Code.BAD_FRAME),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\nx", Code.HTTP_STATUS),
        (b"HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n", Code.REDIRECT),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello", Code.BAD_ENCODING),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", Code.BAD_ENCODING),
        (b"HTTP/1.1 204 No Content\r\n\r\n", Code.HTTP_STATUS),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nlate", Code.HTTP_STATUS),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 99\r\n\r\nlate", Code.HTTP_STATUS),
    ],
)
def test_what_is_not_a_good_response_has_its_code(whole: bytes, code: Code) -> None:
    assert replay([whole]).outcome.code is code


def test_an_error_status_tells_what_the_server_said() -> None:
    outcome = replay([b"HTTP/1.1 400 Bad\r\nContent-Length: 14\r\n\r\nn_predict: bad"]).outcome
    assert outcome.detail == "400: n_predict: bad"


def test_a_redirect_tells_where_it_was_not_followed_to() -> None:
    outcome = replay([b"HTTP/1.1 307 X\r\nLocation: http://elsewhere/\r\n\r\n"]).outcome
    assert outcome.detail == "307 to http://elsewhere/"


@pytest.mark.parametrize("step", [1, 7, 1000])
def test_the_head_has_a_limit(step: int) -> None:
    limits = Limits(head=200)
    head = b"HTTP/1.1 200 OK\r\nX: " + b"x" * (200 - 24) + b"\r\n\r\n"
    assert len(head) == 200
    fits = head + b"body"
    over = head.replace(b"X: ", b"X:  ") + b"body"
    assert replay(cut(fits, step), limits).outcome is OK
    assert replay(cut(over, step), limits).outcome.code is Code.BAD_FRAME


@pytest.mark.parametrize("step", [1, 7, 1000])
def test_the_body_has_a_limit_and_is_cut_there(step: int) -> None:
    limits = Limits(body=20)
    assert replay(cut(HEAD + http_chunk(b"x\n" * 10) + b"0\r\n\r\n", step), limits).outcome is OK
    answer = replay(cut(HEAD + http_chunk(b"x\n" * 11) + b"0\r\n\r\n", step), limits)
    assert answer.outcome.code is Code.BODY_TOO_LONG
    assert b"".join(answer.chunks) == b"x\n" * 10


def test_an_endless_line_ends_the_response_before_the_body_limit_does() -> None:
    answer = replay([HEAD, *(http_chunk(b"x" * 60) for _ in range(1000))], Limits(line=100))
    assert answer.outcome.code is Code.LINE_TOO_LONG
    assert len(answer.chunks) == 2


def cut(data: bytes, step: int) -> list[bytes]:
    return [data[i : i + step] for i in range(0, len(data), step)]


def test_a_refusal_is_read_no_further_than_it_is_shown() -> None:
    head = b"HTTP/1.1 503 X\r\nTransfer-Encoding: chunked\r\n\r\n"
    found = replay([head, *(http_chunk(b"busy " * 2000) for _ in range(100))])
    assert sum(map(len, found.chunks)) == LIMITS.refusal
    assert (found.outcome.code, found.outcome.detail[:14]) == (Code.HTTP_STATUS, "503: busy busy")
