"""A staged folder appears whole under its name, or not at all, and never takes a name that is in use."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.datasets.read import Dataset
from harness.errors import DataError, UsageError, VersionExists
from harness.recorder import staging
from harness.recorder.seal import seal
from harness.recorder.staging import publish, staged
from tests.support.journals import write_journal


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_was_staged_appears_under_its_name(tmp_path: Path) -> None:
    with staged(tmp_path / "a" / "b") as stage:
        (stage / "file").write_text("content")
        assert not (tmp_path / "a" / "b" / "v1").exists()
        publish(stage, tmp_path / "a" / "b" / "v1")
    assert names(tmp_path / "a" / "b") == ["v1"]
    assert (tmp_path / "a" / "b" / "v1" / "file").read_text() == "content"


def test_what_was_not_published_is_removed(tmp_path: Path) -> None:
    def fail() -> None:
        with staged(tmp_path) as stage:
            (stage / "file").write_text("content")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert names(tmp_path) == []


def occupy_with_folder(target: Path) -> None:
    target.mkdir()
    (target / "file").write_text("old")


def occupy_with_file(target: Path) -> None:
    target.write_text("old")


def occupy_with_link(target: Path) -> None:
    elsewhere = target.parent.parent / "elsewhere"
    elsewhere.mkdir()
    target.symlink_to(elsewhere)


def occupy_with_dangling_link(target: Path) -> None:
    target.symlink_to("nowhere")


@pytest.mark.parametrize("occupy", [occupy_with_folder, occupy_with_file, occupy_with_link, occupy_with_dangling_link])
def test_a_name_in_use_is_never_taken(tmp_path: Path, occupy: Callable[[Path], None]) -> None:
    folder = tmp_path / "study"
    folder.mkdir()
    occupy(folder / "v1")
    before = (folder / "v1").lstat()
    with staged(folder) as stage:
        (stage / "file").write_text("new")
        with pytest.raises(VersionExists, match="never replaced"):
            publish(stage, folder / "v1")
    assert names(folder) == ["v1"]
    assert (folder / "v1").lstat() == before
    assert not (folder / "v1" / "file").exists() or (folder / "v1" / "file").read_text() == "old"


def test_an_empty_folder_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "v1").mkdir()
    with staged(tmp_path) as stage:
        (stage / "file").write_text("new")
        publish(stage, tmp_path / "v1")
    assert (tmp_path / "v1" / "file").read_text() == "new"


def test_leftovers_of_the_dead_are_removed_and_work_in_progress_is_not(tmp_path: Path) -> None:
    leftover = tmp_path / ".seal-0123"
    leftover.mkdir()
    (leftover / "runs.parquet").write_bytes(b"half")
    with staged(tmp_path) as first:
        assert not leftover.exists()
        (first / "file").write_text("first")
        with staged(tmp_path) as second:
            assert first.exists()
            assert second != first
        assert (first / "file").read_text() == "first"
    assert names(tmp_path) == []


def test_a_link_that_looks_like_a_leftover_is_left_alone(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_text("kept")
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / ".seal-link").symlink_to(precious)
    (folder / ".seal-file").write_text("not ours")
    with staged(folder):
        pass
    assert names(folder) == [".seal-file", ".seal-link"]
    assert (precious / "file").read_text() == "kept"


def failing_sync(times: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sync of ``folder`` fails that often."""
    left, real = [times], staging.sync_path

    def sync(path: Path) -> None:
        if path == folder and left[0]:
            left[0] -= 1
            raise OSError(errno.EIO, "Input/output error")
        real(path)

    monkeypatch.setattr(staging, "sync_path", sync)


def test_a_name_that_the_disk_confirms_at_the_second_try_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with staged(tmp_path) as stage:
        failing_sync(1, tmp_path, monkeypatch)
        publish(stage, tmp_path / "v1")
    assert names(tmp_path) == ["v1"]


def test_a_name_that_the_disk_never_confirms_is_said_to_be_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = write_journal(tmp_path / "journal")
    (tmp_path / "data" / "tr108").mkdir(parents=True)
    failing_sync(2, tmp_path / "data" / "tr108", monkeypatch)
    with pytest.raises(DataError, match=r"tr108/v1 is published and whole, but the disk does not confirm its name"):
        seal(journal, tmp_path / "data")
    assert Dataset.open(tmp_path / "data" / "tr108" / "v1").label == "tr108/v1"


def test_a_study_behind_a_link_is_refused(tmp_path: Path) -> None:
    journal = write_journal(tmp_path / "journal")
    (tmp_path / "data").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "data" / "tr108").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="tr108 is a symbolic link, and datasets behind it would not be found"):
        seal(journal, tmp_path / "data")
    assert list((tmp_path / "elsewhere").iterdir()) == []
