"""Whatever happens to a journal's bytes, reading gives the committed prefix or a loud error, no altered record."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.errors import JournalCorrupt, SchemaUnknown
from harness.recorder.frames import FILE_BYTES, FRAME_BYTES
from harness.recorder.journal import Journal
from harness.recorder.recover import read

GROUPS = ((b"first",), (b"two", b"three"), (b'{"run": 4}',), (b"\0\0\0",), (b"\xf7\xc1\xfe\xf5 last",))
Groups = tuple[tuple[bytes, ...], ...]


def write(path: Path, groups: Groups) -> list[int]:
    """Writes the groups and returns the offset after each record's frame."""
    path.unlink(missing_ok=True)
    ends: list[int] = []
    with Journal.create(path) as journal:
        for group in groups:
            offset = path.stat().st_size
            journal.append_many(group)
            for payload in group:
                offset += FRAME_BYTES + len(payload)
                ends.append(offset)
    return ends


def flat(groups: Groups) -> tuple[bytes, ...]:
    return tuple(payload for group in groups for payload in group)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "j"


def test_truncation_at_every_byte_yields_the_prefix_that_fits(path: Path) -> None:
    ends = write(path, GROUPS)
    whole, records = path.read_bytes(), flat(GROUPS)
    for cut in range(len(whole) + 1):
        path.write_bytes(whole[:cut])
        found = read(path)
        assert found.records == records[: sum(end <= cut for end in ends)], cut
        assert found.committed_bytes + found.dropped_bytes == cut
        assert (found.reason is None) == (found.dropped_bytes == 0)


@pytest.mark.parametrize("zeros", [1, 27, 28, 29, 4096])
def test_truncation_at_every_byte_then_zeros_yields_the_prefix(path: Path, zeros: int) -> None:
    ends = write(path, GROUPS)
    whole, records = path.read_bytes(), flat(GROUPS)
    for cut in range(FILE_BYTES, len(whole) + 1):
        path.write_bytes(whole[:cut] + bytes(zeros))
        found = read(path)
        complete = sum(end <= cut for end in ends)
        assert found.records in (records[:complete], records[: complete + 1]), cut
        assert found.dropped_bytes > 0 or path.read_bytes() == whole[: cut + zeros], "zeros are kept where they stood"


@pytest.mark.parametrize("flip", [1 << bit for bit in range(8)] + [0xFF])
def test_a_flipped_bit_at_every_byte_loses_no_acknowledged_record_silently(path: Path, flip: int) -> None:
    write(path, GROUPS)
    whole, records = path.read_bytes(), flat(GROUPS)
    last_mark = len(whole) - FRAME_BYTES
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ flip]) + whole[at + 1 :])
        if at < last_mark:
            with pytest.raises((JournalCorrupt, SchemaUnknown)):
                read(path)
        else:
            found = read(path)
            assert found.records == records, at
            assert found.dropped_bytes == FRAME_BYTES


@pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF])
def test_after_a_power_cut_took_the_last_mark_a_flip_still_alters_nothing(path: Path, flip: int) -> None:
    write(path, GROUPS)
    os.truncate(path, path.stat().st_size - FRAME_BYTES)
    whole, records = path.read_bytes(), flat(GROUPS)
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ flip]) + whole[at + 1 :])
        try:
            found = read(path)
        except (JournalCorrupt, SchemaUnknown):
            continue
        assert found.records == records[:-1], at
        assert found.dropped_bytes > 0


def test_a_byte_removed_or_doubled_anywhere_loses_no_acknowledged_record_silently(path: Path) -> None:
    write(path, GROUPS)
    whole, records = path.read_bytes(), flat(GROUPS)
    for at in range(len(whole)):
        for changed in (whole[:at] + whole[at + 1 :], whole[: at + 1] + whole[at:]):
            path.write_bytes(changed)
            try:
                found = read(path)
            except (JournalCorrupt, SchemaUnknown):
                continue
            assert found.records == records, at
            assert found.dropped_bytes > 0


payloads = st.one_of(st.binary(min_size=1, max_size=60), st.text(min_size=1, max_size=20).map(str.encode))
groups_of_payloads = st.lists(st.lists(payloads, min_size=1, max_size=4).map(tuple), max_size=5).map(tuple)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(groups=groups_of_payloads)
@quick
def test_any_records_round_trip(path: Path, groups: Groups) -> None:
    write(path, groups)
    found = read(path)
    assert found.records == flat(groups)
    assert found.dropped_bytes == 0


@given(groups=groups_of_payloads, data=st.data())
@quick
def test_any_damage_yields_a_prefix_or_an_error(path: Path, groups: Groups, data: st.DataObject) -> None:
    write(path, groups)
    whole = path.read_bytes()
    start = data.draw(st.integers(0, len(whole)), label="start")
    end = data.draw(st.integers(start, len(whole)), label="end")
    path.write_bytes(whole[:start] + data.draw(st.binary(max_size=80), label="instead") + whole[end:])
    try:
        found = read(path)
    except (JournalCorrupt, SchemaUnknown):
        return
    assert found.records == flat(groups)[: len(found.records)]


@given(groups=groups_of_payloads, data=st.data())
@quick
def test_a_journal_continued_after_any_cut_holds_the_prefix_and_the_new(
    path: Path, groups: Groups, data: st.DataObject
) -> None:
    ends = write(path, groups)
    cut = data.draw(st.integers(0, path.stat().st_size), label="cut")
    os.truncate(path, cut)
    with Journal.open(path) as journal:
        journal.append(b"new")
    kept = flat(groups)[: sum(end <= cut for end in ends)]
    assert read(path).records == (*kept, b"new")
