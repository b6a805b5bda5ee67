"""Calls that are not measured, and where the measured ones will go."""

from __future__ import annotations

import asyncio
import gzip
import zlib

import pytest

from harness.client.control import Control, target
from harness.outcomes import Code
from harness.protocols import EngineFailed
from tests.support.stream_server import HEAD, http_chunk, sends, serving


def answer(status: int, body: bytes, extra: bytes = b"") -> bytes:
    return b"HTTP/1.1 %d X\r\n%sContent-Length: %d\r\n\r\n%s" % (status, extra, len(body), body)


def get(response: bytes) -> object:
    async def main() -> object:
        async with serving(sends(response)) as server:
            control = Control(f"http://{server.host}:{server.port}", timeout_s=60.0)
            try:
                return await control.get("/props")
            finally:
                await control.close()

    return asyncio.run(main())


def test_an_answer_is_one_json_object() -> None:
    assert get(answer(200, b'{"n_ctx": 512}')) == {"n_ctx": 512}


@pytest.mark.parametrize(
    "response",
    [
        answer(500, b"no"),
        answer(302, b"", b"Location: http://127.0.0.1:1/\r\n"),
        answer(200, b"<html>"),
        answer(200, b'{"a":1,"a":2}'),
        answer(200, b'{"a":"\xff"}'),
        b"",
        b"SSH-2.0-OpenSSH\r\n",
    ],
)
def test_anything_else_is_a_refusal_that_names_the_call(response: bytes) -> None:
    with pytest.raises(EngineFailed, match="GET http:") as caught:
        get(response)
    assert caught.value.outcome.code is Code.ENGINE_REFUSED


@pytest.mark.parametrize(
    ("url", "host", "port", "path", "header", "tls"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1", 8000, "/x", "127.0.0.1:8000", False),
        ("http://127.0.0.1/base/", "127.0.0.1", 80, "/base/x", "127.0.0.1", False),
        ("https://127.0.0.1", "127.0.0.1", 443, "/x", "127.0.0.1", True),
        ("http://[::1]:5", "::1", 5, "/x", "[::1]:5", False),
        ("http://me:secret@127.0.0.1:1/a b", "127.0.0.1", 1, "/a%20b/x", "127.0.0.1:1", False),
    ],
)
def test_a_url_becomes_an_address(url: str, host: str, port: int, path: str, header: str, tls: bool) -> None:
    found = asyncio.run(target(url, "/x"))
    assert (found.host, found.port, found.path, found.host_header, found.tls) == (host, port, path, header, tls)


@pytest.mark.parametrize("url", ["http://127.0.0.1:99999", "http://b\u00fccher.invalid", "http://[::1"])
def test_a_url_that_leads_nowhere_is_refused(url: str) -> None:
    with pytest.raises(EngineFailed):
        asyncio.run(target(url, "/x"))


@pytest.mark.parametrize(
    ("answered", "limit_s", "said"),
    [
        ([HEAD, *(http_chunk(b" " * 2**20) for _ in range(40))], 60.0, "more than 8 MiB"),
        ([HEAD, *(piece for _ in range(40) for piece in (http_chunk(b" "), 0.1))], 0.5, "within 0.5 s"),
    ],
)
def test_an_answer_without_end_is_left(answered: list[bytes | float], limit_s: float, said: str) -> None:
    async def main() -> None:
        async with serving(sends(*answered)) as server:
            control = Control(f"http://{server.host}:{server.port}", timeout_s=limit_s)
            try:
                with pytest.raises(EngineFailed, match=said):
                    await control.ask("GET", "/models")
            finally:
                await control.close()

    asyncio.run(main())


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_coding_that_nobody_asked_for_is_undone_within_bounds(coding: str) -> None:
    pack = gzip.compress if coding == "gzip" else zlib.compress
    head = f"Content-Encoding: {coding}\r\n".encode()
    assert get(answer(200, pack(b'{"n_ctx": 512}'), head)) == {"n_ctx": 512}
    with pytest.raises(EngineFailed, match="more than 8 MiB"):
        get(answer(200, pack(b" " * (9 << 20)), head))
    with pytest.raises(EngineFailed, match="the server sent br"):
        get(answer(200, b"x", b"Content-Encoding: br\r\n"))
