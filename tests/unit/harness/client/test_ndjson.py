"""NDJSON framing."""

from __future__ import annotations

import pytest

from harness.client.framing import LineTooLong
from harness.client.ndjson import frames


def data(body: bytes, limit: int = 1000) -> list[bytes]:
    return [frame.data for frame in frames(body, limit)]


def test_a_line_is_a_record() -> None:
    assert [(f.end, f.data) for f in frames(b'{"a":1}\n{"b":2}\n', 100)] == [(8, b'{"a":1}'), (16, b'{"b":2}')]


def test_carriage_returns_and_blank_lines_are_skipped() -> None:
    assert data(b'{"a":1}\r\n\r\n \n{"b":2}\n') == [b'{"a":1}', b'{"b":2}']


def test_a_line_without_its_newline_is_incomplete() -> None:
    assert data(b'{"a":1}\n{"done":true}') == [b'{"a":1}']


@pytest.mark.parametrize("tail", [b"", b"\n"])
def test_a_line_over_the_limit_is_refused(tail: bytes) -> None:
    found = frames(b'{"a":1}\n' + b"x" * 100 + tail, 50)
    assert next(found).data == b'{"a":1}'
    with pytest.raises(LineTooLong):
        next(found)
