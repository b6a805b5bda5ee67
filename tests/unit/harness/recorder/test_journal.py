"""The journal: acknowledged means durable, and the first error is the last."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from harness.errors import ConflictError, JournalWriteFailed, LockHeld
from harness.recorder import journal as journal_module
from harness.recorder.frames import FILE_BYTES, MAX_PAYLOAD
from harness.recorder.journal import Journal
from harness.recorder.recover import read, truncate_tail


def test_appended_records_read_back_in_order(tmp_path: Path) -> None:
    with Journal.create(tmp_path / "j") as journal:
        assert journal.append(b"one") == 0
        assert journal.append_many([b"two", b"three"]) == 2
    assert read(tmp_path / "j").records == (b"one", b"two", b"three")


def test_every_acknowledged_record_is_on_disk_before_close(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path / "j")
    for number in range(5):
        journal.append(b"%d" % number)
        assert len(read(tmp_path / "j").records) == number + 1
    journal.close()


def test_create_never_replaces(tmp_path: Path) -> None:
    (tmp_path / "j").write_bytes(b"precious")
    with pytest.raises(ConflictError, match="exists already"):
        Journal.create(tmp_path / "j")
    assert (tmp_path / "j").read_bytes() == b"precious"


def test_create_in_a_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(JournalWriteFailed, match="run the same command again"):
        Journal.create(tmp_path / "none" / "j")


def test_reopening_continues_the_numbering(tmp_path: Path) -> None:
    with Journal.create(tmp_path / "j") as journal:
        journal.append(b"one")
    with Journal.open(tmp_path / "j") as journal:
        assert journal.recovered.records == (b"one",)
        assert journal.recovered.dropped_bytes == 0
        assert journal.append(b"two") == 1
    assert read(tmp_path / "j").records == (b"one", b"two")


def test_reopening_cuts_a_torn_tail_off_and_reports_it(tmp_path: Path) -> None:
    path = tmp_path / "j"
    with Journal.create(path) as journal:
        journal.append(b"one")
    with path.open("ab") as file:
        file.write(b"\0" * 100)
    with Journal.open(path) as journal:
        assert journal.recovered.dropped_bytes == 100
        assert journal.recovered.reason == "zero-filled tail"
        journal.append(b"two")
    assert read(path).records == (b"one", b"two")


@pytest.mark.parametrize("left", [0, 5, FILE_BYTES - 1])
def test_a_journal_whose_creation_was_cut_begins_anew(tmp_path: Path, left: int) -> None:
    path = tmp_path / "j"
    Journal.create(path).close()
    os.truncate(path, left)
    with Journal.open(path) as journal:
        assert journal.append(b"one") == 0
    assert read(path).records == (b"one",)


def test_threads_share_syncs_and_none_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    syncs = 0
    real = journal_module.sync_file

    def counting(fd: int) -> None:
        nonlocal syncs
        syncs += 1
        real(fd)

    monkeypatch.setattr(journal_module, "sync_file", counting)
    with Journal.create(tmp_path / "j") as journal:
        run_threads(16, lambda who: [journal.append(b"%d/%d" % (who, n)) for n in range(50)])
    records = read(tmp_path / "j").records
    assert sorted(records) == sorted(b"%d/%d" % (who, n) for who in range(16) for n in range(50))
    for who in range(16):
        own = [record for record in records if record.startswith(b"%d/" % who)]
        assert own == [b"%d/%d" % (who, n) for n in range(50)]
    assert syncs < 16 * 50 / 2


@pytest.mark.parametrize("payload", [b"", bytes(MAX_PAYLOAD + 1)])
def test_a_record_without_bytes_or_with_too_many_is_refused(tmp_path: Path, payload: bytes) -> None:
    with Journal.create(tmp_path / "j") as journal:
        with pytest.raises(ValueError, match="between 1 and"):
            journal.append(payload)
        with pytest.raises(ValueError, match="between 1 and"):
            journal.append_many([])
        assert journal.append(b"still open") == 0


def test_a_failed_sync_closes_the_journal_for_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "j"
    journal = Journal.create(path)
    journal.append(b"kept")
    monkeypatch.setattr(journal_module, "sync_file", raising(errno.EIO))
    with pytest.raises(JournalWriteFailed, match="check the disk"):
        journal.append(b"lost")
    monkeypatch.undo()
    with pytest.raises(JournalWriteFailed, match="check the disk"):
        journal.append(b"also refused")
    journal.close()
    assert read(path).records == (b"kept",)
    assert read(path).dropped_bytes == 0


def test_a_failed_sync_fails_every_waiting_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal.create(tmp_path / "j")
    refused: list[int] = []

    def append(who: int) -> None:
        try:
            journal.append(b"%d" % who)
        except JournalWriteFailed:
            refused.append(who)

    monkeypatch.setattr(journal_module, "sync_file", raising(errno.EIO))
    run_threads(8, append)
    journal.close()
    assert sorted(refused) == list(range(8))
    assert read(tmp_path / "j").records == ()


def test_a_failed_sync_fails_everybody_in_its_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal.create(tmp_path / "j")
    acknowledged: list[int] = []
    refused: list[int] = []
    syncs: list[int] = []

    def first_waits_for_the_others_then_fails(fd: int) -> None:
        syncs.append(fd)
        if len(syncs) > 1:
            raise OSError(errno.EIO, "injected")
        deadline = time.monotonic() + 300
        while len(journal._waiting) < 7 and time.monotonic() < deadline:
            time.sleep(0.001)

    def append(who: int) -> None:
        try:
            journal.append(b"%d" % who)
            acknowledged.append(who)
        except JournalWriteFailed:
            refused.append(who)

    monkeypatch.setattr(journal_module, "sync_file", first_waits_for_the_others_then_fails)
    run_threads(8, append)
    journal.close()
    assert (len(syncs), len(acknowledged), len(refused)) == (2, 1, 7)
    assert read(tmp_path / "j").records == (b"%d" % acknowledged[0],)


@pytest.mark.parametrize("cut", [1, 10, 27, 28, 30])
@pytest.mark.parametrize("can_truncate", [True, False])
def test_a_partial_write_leaves_the_committed_prefix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: int, can_truncate: bool
) -> None:
    path = tmp_path / "j"
    journal = Journal.create(path)
    journal.append(b"kept")
    real = os.write
    script = [lambda fd, data: real(fd, data[:cut]), raising(errno.ENOSPC)]
    monkeypatch.setattr(os, "write", lambda fd, data: script.pop(0)(fd, data))
    if not can_truncate:
        monkeypatch.setattr(os, "ftruncate", raising(errno.EIO))
    with pytest.raises(JournalWriteFailed, match="free some space and run the same command again"):
        journal.append(b"a record that does not fit")
    monkeypatch.undo()
    journal.close()
    found = read(path)
    assert found.records == (b"kept",)
    assert found.dropped_bytes == (0 if can_truncate else cut)
    with Journal.open(path) as again:
        again.append(b"next")
    assert read(path).records == (b"kept", b"next")


def test_an_interrupt_while_recording_closes_the_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal.create(tmp_path / "j")

    def interrupted(fd: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(journal_module, "sync_file", interrupted)
    with pytest.raises(KeyboardInterrupt):
        journal.append(b"lost")
    with pytest.raises(JournalWriteFailed, match="interrupted"):
        journal.append(b"refused")
    journal.close()
    assert read(tmp_path / "j").records == ()


def test_a_journal_is_open_once_and_nobody_else_cuts_it(tmp_path: Path) -> None:
    path = tmp_path / "j"
    with Journal.create(path) as journal:
        journal.append(b"one")
        for intrude in (Journal.open, truncate_tail):
            with pytest.raises(LockHeld, match="another process works on"):
                intrude(path)
        journal.append(b"two")
        assert read(path).records == (b"one", b"two")
    with Journal.open(path) as journal:
        journal.append(b"three")


def test_a_foreign_write_is_noticed_and_not_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "j"
    with Journal.create(path) as journal:
        journal.append(b"one")
        with path.open("ab") as file:
            file.write(b"foreign")
        with pytest.raises(JournalWriteFailed, match="another process"):
            journal.append(b"two")
    assert path.read_bytes().endswith(b"foreign")
    assert read(path).records == (b"one",)


def test_a_journal_that_cannot_begin_leaves_no_open_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "j"
    Journal.create(path).close()
    open_files = psutil.Process().num_fds()
    monkeypatch.setattr(journal_module, "sync_file", raising(errno.EIO))
    for begin in (lambda: Journal.open(path), lambda: Journal.create(tmp_path / "new")):
        with pytest.raises(JournalWriteFailed):
            begin()
    assert psutil.Process().num_fds() == open_files


def test_a_closed_journal_refuses_and_closes_twice(tmp_path: Path) -> None:
    journal = Journal.create(tmp_path / "j")
    journal.close()
    journal.close()
    with pytest.raises(JournalWriteFailed, match="is closed"):
        journal.append(b"late")


def raising(number: int) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def run_threads(count: int, work: Callable[[int], object]) -> None:
    threads = [threading.Thread(target=work, args=(who,)) for who in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_journal_that_was_deleted_stops_with_its_records_kept(tmp_path: Path) -> None:
    path = tmp_path / "state" / "j"
    path.parent.mkdir()
    journal = Journal.create(path)
    journal.append_many([b"one", b"two"])
    path.unlink()
    path.parent.rmdir()
    with pytest.raises(
        JournalWriteFailed, match=r"was deleted while recording; everything acknowledged is kept in .*/j;"
    ):
        journal.append(b"three")
    journal.close()
    assert read(path).records == (b"one", b"two")
    with Journal.open(path) as again:
        again.append(b"three")
    assert read(path).records == (b"one", b"two", b"three")


def test_a_deletion_is_noticed_at_the_end_and_nothing_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "j"
    journal = Journal.create(path)
    journal.append(b"one")
    path.unlink()
    path.write_bytes(b"mine")
    with pytest.raises(JournalWriteFailed, match="move it back to continue"):
        journal.close()
    (kept,) = tmp_path.glob("j.kept-*")
    assert (path.read_bytes(), read(kept).records) == (b"mine", (b"one",))


def test_a_journal_that_was_moved_stops(tmp_path: Path) -> None:
    path = tmp_path / "j"
    journal = Journal.create(path)
    path.rename(tmp_path / "elsewhere")
    with pytest.raises(JournalWriteFailed, match="was moved while recording; move it back"):
        journal.append(b"one")
    journal.close()
