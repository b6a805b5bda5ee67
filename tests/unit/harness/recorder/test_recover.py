"""What recovery keeps, what it drops, and what it refuses to touch."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from harness.errors import JournalCorrupt, SchemaUnknown
from harness.recorder.frames import FILE_BYTES, FRAME_BYTES, pack_frame, pack_start, seed_of
from harness.recorder.recover import EMPTY, read, truncate_tail

SALT = b"0123456789abcdef"
SEED = seed_of(SALT)


class Bytes:
    """Lays a journal out by hand, group by group."""

    def __init__(self) -> None:
        self.data = pack_start(SALT)
        self.records = 0
        self.mark()

    def group(self, *payloads: bytes) -> int:
        """Appends an unacknowledged group and returns the offset at which it starts."""
        start, synced = len(self.data), self.synced
        for payload in payloads:
            self.data += pack_frame(SEED, self.records, synced, payload)
            self.records += 1
        return start

    def mark(self) -> None:
        self.synced = len(self.data)
        self.data += pack_frame(SEED, self.records, self.synced, b"")


def damaged(data: bytes, offset: int, replacement: bytes) -> bytes:
    return data[:offset] + replacement + data[offset + len(replacement) :]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "j"


def test_an_absent_file_is_an_os_error(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(path)


def test_an_empty_file_holds_nothing(path: Path) -> None:
    path.touch()
    assert read(path) == EMPTY


def test_a_hole_in_an_unacknowledged_group_is_a_torn_tail(path: Path) -> None:
    built = Bytes()
    built.group(b"acknowledged")
    built.mark()
    torn = built.group(b"first block lost", b"second block written")
    path.write_bytes(damaged(built.data, torn, bytes(FRAME_BYTES + 16)))
    found = read(path)
    assert found.records == (b"acknowledged",)
    assert found.committed_bytes == torn
    assert found.dropped_bytes == len(built.data) - torn


def test_the_same_hole_in_an_acknowledged_group_is_loud(path: Path) -> None:
    built = Bytes()
    hole = built.group(b"first block lost", b"second block written")
    built.mark()
    path.write_bytes(damaged(built.data, hole, bytes(FRAME_BYTES + 16)))
    with pytest.raises(JournalCorrupt, match=f"at byte {hole}: record 0 was acknowledged"):
        read(path)


def test_a_broken_length_in_the_middle_cannot_hide_what_follows(path: Path) -> None:
    built = Bytes()
    start = built.group(b"one")
    built.mark()
    built.group(b"two")
    built.mark()
    path.write_bytes(damaged(built.data, start + 4, b"\xff\xff\xff\x00"))
    with pytest.raises(JournalCorrupt, match=f"at byte {start}"):
        read(path)


def test_without_its_mark_a_damaged_last_group_counts_as_torn_and_is_reported(path: Path) -> None:
    built = Bytes()
    start = built.group(b"last")
    path.write_bytes(damaged(built.data, start + FRAME_BYTES, b"L"))
    found = read(path)
    assert found.records == ()
    assert found.dropped_bytes == FRAME_BYTES + 4
    assert found.reason == "the last record was torn"


def test_a_lost_last_mark_costs_no_record(path: Path) -> None:
    built = Bytes()
    built.group(b"one", b"two")
    path.write_bytes(built.data)
    assert read(path).records == (b"one", b"two")


def test_a_repeated_frame_is_loud(path: Path) -> None:
    built = Bytes()
    start = built.group(b"one")
    frame = built.data[start:]
    path.write_bytes(built.data + frame)
    with pytest.raises(JournalCorrupt, match="record 0 stands where record 1 belongs"):
        read(path)


def test_exchanged_frames_are_loud(path: Path) -> None:
    built = Bytes()
    start = built.group(b"one", b"two")
    built.mark()
    size = FRAME_BYTES + 3
    first, second = built.data[start : start + size], built.data[start + size : start + 2 * size]
    path.write_bytes(damaged(built.data, start, second + first))
    with pytest.raises(JournalCorrupt, match="record 1 stands where record 0 belongs"):
        read(path)


def test_frames_of_another_journal_do_not_pass(path: Path) -> None:
    other = pack_start(b"fedcba9876543210") + pack_frame(seed_of(b"fedcba9876543210"), 0, 0, b"foreign")
    path.write_bytes(pack_start(SALT) + other[FILE_BYTES:])
    found = read(path)
    assert found.records == ()
    assert found.dropped_bytes == FRAME_BYTES + len(b"foreign")


def test_a_frame_that_claims_more_than_the_file_had_is_loud(path: Path) -> None:
    path.write_bytes(pack_start(SALT) + pack_frame(SEED, 0, 10_000, b"one"))
    with pytest.raises(JournalCorrupt):
        read(path)


def test_a_torn_record_that_contains_frames_is_dropped_whole(path: Path) -> None:
    built = Bytes()
    start = built.group(b"one")
    built.mark()
    inner = built.data[start:]
    torn = built.group(b"payload with a frame inside: " + inner + b" and more")
    path.write_bytes(built.data[:-1])
    found = read(path)
    assert found.records == (b"one",)
    assert found.committed_bytes == torn


@pytest.mark.parametrize("data", [b"{}", b"PAR1" * 20, b"BINDERZ\n" + bytes(40), b"\x01" + bytes(60)])
def test_another_kind_of_file_is_refused(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    with pytest.raises(JournalCorrupt, match="byte 0"):
        read(path)
    assert path.read_bytes() == data


def test_another_format_is_refused_by_number(path: Path) -> None:
    path.write_bytes(damaged(pack_start(SALT), 8, b"\x02"))
    with pytest.raises(SchemaUnknown, match="format 2, this version reads 1"):
        read(path)


def test_truncate_tail_cuts_exactly_the_tail(path: Path) -> None:
    built = Bytes()
    built.group(b"one")
    built.mark()
    path.write_bytes(built.data + b"torn")
    assert truncate_tail(path).dropped_bytes == 4
    assert path.read_bytes() == built.data
    assert truncate_tail(path).dropped_bytes == 0


def test_truncate_tail_leaves_a_corrupt_file_alone(path: Path) -> None:
    built = Bytes()
    start = built.group(b"one")
    built.mark()
    data = damaged(built.data, start, b"\0")
    path.write_bytes(data)
    with pytest.raises(JournalCorrupt):
        truncate_tail(path)
    assert path.read_bytes() == data


@pytest.mark.parametrize(("cut", "reason"), [(5, "the last record was cut short"), (FRAME_BYTES + 1, "cut short")])
def test_a_short_tail_is_named(path: Path, cut: int, reason: str) -> None:
    built = Bytes()
    start = built.group(b"one")
    path.write_bytes(built.data)
    os.truncate(path, start + cut)
    found = read(path)
    assert found.dropped_bytes == cut
    assert reason in (found.reason or "")
