"""A disk that fills up stops the work with a message; what was acknowledged stays, and the same command continues."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.datasets.read import Dataset
from harness.errors import DataError, JournalWriteFailed
from harness.recorder.journal import Journal
from harness.recorder.lock import hold
from harness.recorder.recover import read
from harness.recorder.seal import seal
from tests.support.journals import write_journal
from tests.support.zygote import Zygote, zygote

DATA_ERROR = 4


@pytest.fixture(scope="module")
def children() -> Iterator[Zygote]:
    with zygote() as started:
        yield started


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KiB, where this machine lets us mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True, check=False
    )
    if mount.returncode:
        pytest.skip("mounting a small tmpfs needs root; the file size limit covers the rest")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.mark.parametrize("limit", range(200, 280, 7))
def test_a_journal_at_the_file_size_limit_keeps_what_it_acknowledged(
    tmp_path: Path, children: Zygote, limit: int
) -> None:
    path, acks = tmp_path / "journal", tmp_path / "acks"
    assert children.wait(children.start("append_with_file_limit", str(path), str(acks), limit)) == DATA_ERROR
    acknowledged = int(acks.read_text())
    assert read(path).records == tuple(b"record %d" % number for number in range(acknowledged))
    with Journal.open(path) as journal:
        journal.append(b"after")
    assert read(path).records[-1] == b"after"


@pytest.mark.parametrize("limit", [0, 100, 1500, 3000, 7000])
def test_a_seal_at_the_file_size_limit_leaves_nothing_behind(tmp_path: Path, children: Zygote, limit: int) -> None:
    journal, root = write_journal(tmp_path / "journal"), tmp_path / "data"
    before = journal.read_bytes()
    assert children.wait(children.start("seal_with_file_limit", str(journal), str(root), limit)) == DATA_ERROR
    assert not root.exists()
    assert journal.read_bytes() == before
    assert Dataset.open(seal(journal, root).path).manifest.recorded_runs == 8


def test_a_journal_on_a_full_disk_stops_and_continues(small_disk: Path) -> None:
    ballast, path = small_disk / "ballast", small_disk / "journal"
    ballast.write_bytes(bytes(32 * 1024))
    acknowledged: list[int] = []
    with Journal.create(path) as journal, pytest.raises(JournalWriteFailed, match=r"No space left.*: free some space"):
        acknowledged.extend(journal.append(bytes(700)) for _ in range(1000))
    assert len(acknowledged) > 10
    assert read(path).records == (bytes(700),) * len(acknowledged)
    ballast.unlink()
    with Journal.open(path) as journal:
        journal.append(b"after")
    assert len(read(path).records) == len(acknowledged) + 1


def test_a_seal_on_a_full_disk_says_so_and_succeeds_later(tmp_path: Path, small_disk: Path) -> None:
    journal = write_journal(tmp_path / "journal")
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(56 * 1024))
    with pytest.raises(DataError, match=r"intact: .*[Nn]o space left.*free some space") as caught:
        seal(journal, small_disk)
    assert "\n" not in str(caught.value)
    assert not (small_disk / "tr108").exists()
    ballast.unlink()
    Dataset.open(seal(journal, small_disk).path)


def test_a_lock_on_a_full_disk_still_locks(small_disk: Path) -> None:
    (small_disk / "lock").touch()
    with pytest.raises(OSError, match=r"No space"):
        (small_disk / "ballast").write_bytes(bytes(128 * 1024))
    with hold(small_disk / "lock", "work"), pytest.raises(DataError), Journal.create(small_disk / "journal"):
        pytest.fail("nothing can be created on a full disk")
