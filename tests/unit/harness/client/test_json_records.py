"""Strict JSON records and counters."""

from __future__ import annotations

import pytest

from harness.client.json_records import BadRecord, CounterReader, parse, section, shortest_float32, text
from harness.outcomes import Code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Code.BAD_FRAME),
        (b"{", Code.BAD_FRAME),
        (b"[1]", Code.BAD_FRAME),
        (b"null", Code.BAD_FRAME),
        (b'{"a":1}{"a":2}', Code.BAD_FRAME),
        (b'{"a":1,"a":2}', Code.BAD_FRAME),
        (b'{"t":{"n":1,"n":2}}', Code.BAD_FRAME),
        (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", Code.BAD_FRAME),
        (b'{"a":' + b"9" * 5000 + b"}", Code.BAD_FRAME),
        (b'{"a":"\xff"}', Code.BAD_ENCODING),
        (b'{"a":"\xe2\x82"}', Code.BAD_ENCODING),
        (b'{"a":"\xed\xa0\x80"}', Code.BAD_ENCODING),
    ],
)
def test_what_is_not_a_record_is_refused(data: bytes, code: Code) -> None:
    with pytest.raises(BadRecord) as caught:
        parse(data)
    assert caught.value.code is code


def test_a_record_is_an_object() -> None:
    assert parse('{"a":"ü","b":[1]}'.encode()) == {"a": "ü", "b": [1]}


def test_text_is_text_or_absent() -> None:
    assert text({"a": "x", "n": None}, "a") == "x"
    assert text({"n": None}, "n") == text({}, "n") == ""
    with pytest.raises(BadRecord):
        text({"a": 1}, "a")


def test_a_section_is_an_object_or_absent() -> None:
    assert section({"t": {"n": 1}}, "t") == {"n": 1}
    assert section({}, "t") == section({"t": None}, "t") == {}
    with pytest.raises(BadRecord):
        section({"t": [1]}, "t")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1, -0.5, "3", True, [], 2**60, 1.5])
def test_a_count_that_cannot_be_is_named(value: object) -> None:
    reader = CounterReader({"n": value})
    assert reader.count("n") is None
    assert reader.bad == ["n"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), -0.001, "3", False, 1e300])
def test_a_duration_that_cannot_be_is_named(value: object) -> None:
    reader = CounterReader({"ms": value})
    assert reader.number("ms") is None
    assert reader.bad == ["ms"]


def test_an_absent_counter_is_not_a_bad_one() -> None:
    reader = CounterReader({"n": None})
    assert reader.count("n") is reader.count("m") is reader.number("ms") is None
    assert reader.bad == []


def test_counters_are_read_and_scaled() -> None:
    reader = CounterReader({"n": 12, "ns": 3_000_000})
    assert reader.count("n") == 12
    assert reader.number("ns", 1e-6) == pytest.approx(3.0)


@pytest.mark.parametrize("value", [0.2, 0.4, 0.6, 0.8, 1.0, 0.7, 1.25, 0.0, 2.0])
def test_a_32_bit_float_becomes_the_decimal_that_was_asked_for(value: float) -> None:
    import struct

    stored = struct.unpack("<f", struct.pack("<f", value))[0]
    assert shortest_float32(stored) == value
