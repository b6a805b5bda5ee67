"""A staged folder appears whole under its name, or not at all, and never takes a name that is in use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.errors import VersionExists
from harness.recorder.staging import publish, staged


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
