"""Server-Sent Events framing."""

from __future__ import annotations

import time

import pytest

from harness.client.framing import LineTooLong
from harness.client.sse import frames


def data(body: bytes, limit: int = 1000) -> list[bytes]:
    return [frame.data for frame in frames(body, limit)]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_every_line_end_of_the_standard_is_understood(end: bytes) -> None:
    assert data(end.join([b"data: a", b"", b"data: b", b"", b""])) == [b"a", b"b"]


def test_line_ends_may_be_mixed() -> None:
    assert data(b"data: a\r\n\ndata: b\n\r\ndata: c\r\rdata: d\n\n") == [b"a", b"b", b"c", b"d"]


def test_comments_and_other_fields_carry_nothing() -> None:
    assert data(b": ping\n\nevent: message\nid: 7\nretry: 10\ndata: a\n\n:\n\n") == [b"a"]


def test_data_lines_of_one_event_are_joined() -> None:
    assert data(b'data: {"a":\ndata: 1}\n\n') == [b'{"a":\n1}']


def test_one_space_is_dropped_and_no_more() -> None:
    assert data(b"data:a\n\ndata:  b\n\ndata\n\n") == [b"a", b" b", b""]


def test_an_error_field_counts_as_data() -> None:
    assert data(b'error: {"code":500}\n\n') == [b'{"code":500}']


def test_a_byte_order_mark_is_skipped() -> None:
    assert data(b"\xef\xbb\xbfdata: a\n\n") == [b"a"]


def test_an_event_that_was_never_completed_is_dropped() -> None:
    assert data(b"data: a\n\ndata: b\n") == [b"a"]
    assert data(b"data: a\n\ndata: b") == [b"a"]


def test_the_end_of_a_frame_is_behind_its_blank_line() -> None:
    assert [frame.end for frame in frames(b"data: a\n\ndata: b\r\n\r\n", 100)] == [9, 20]


def test_a_line_over_the_limit_is_refused_after_the_frames_before_it() -> None:
    found = frames(b"data: a\n\ndata: " + b"x" * 100 + b"\n\n", 50)
    assert next(found).data == b"a"
    with pytest.raises(LineTooLong):
        next(found)


def test_an_unfinished_line_over_the_limit_is_refused_too() -> None:
    with pytest.raises(LineTooLong):
        data(b"data: " + b"x" * 100, limit=50)


def test_a_nul_in_a_line_hides_nothing() -> None:
    assert data(b"data: a\0b\n\ndata: c\r\n\r\n") == [b"a\0b", b"c"]


def test_an_event_of_endless_lines_is_refused() -> None:
    with pytest.raises(LineTooLong):
        data(b"data: x\n" * 2000)


@pytest.mark.parametrize("filler", [b": x\n", b"\n", b"\r\n", b"\r", b"other: x\n"])
def test_megabytes_that_carry_nothing_are_skipped_quickly(filler: bytes) -> None:
    body = b"data: a\n\n" + filler * (8_000_000 // len(filler)) + b"\ndata: b\n\n"
    began = time.perf_counter()
    assert data(body) == [b"a", b"b"]
    assert time.perf_counter() - began < 60.0
