"""The list of what was sealed: written with every dataset, and contradicted by every other one."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from harness.datasets.catalog import find, recordings, versions
from harness.datasets.sealed_list import LIST, check_list, present, read_list
from harness.errors import DatasetCorrupt, VersionExists
from harness.recorder.archive import pack
from harness.recorder.enlist import enlist
from harness.recorder.unpack import unpack
from harness.recorder.versions import publish_version
from tests.support.datasets import CREATED, make_dataset

pytestmark = pytest.mark.usefixtures("proven_here")

SMALL = {"runs": 1, "requests": 1, "tokens": 2}
ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """One version with tables of its own, two recordings, and a version of both."""
    data = tmp_path / "data"
    make_dataset(data, **SMALL)  # type: ignore[arg-type]
    for seed in (1, 2):
        make_dataset(data, **SMALL, seed=seed, session={})  # type: ignore[arg-type]
    publish_version(data, recordings(data, "tr108"))
    return data


def lines(root: Path) -> list[str]:
    return (root / LIST).read_text(encoding="utf-8").splitlines()


def test_everything_that_is_sealed_is_listed_once_in_order(root: Path) -> None:
    assert [line.split()[0] for line in lines(root)] == ["tr108/v1", "tr108/r0001", "tr108/r0002", "tr108/v2"]
    assert {entry.label: entry for entry in present(root)} == read_list(root / LIST)
    check_list(root)


def test_an_imported_dataset_is_listed_where_it_arrives(root: Path, tmp_path: Path) -> None:
    pack(root, find(root, "tr108", 2), tmp_path / "pack.tar")
    unpack(tmp_path / "pack.tar", tmp_path / "there")
    assert sorted(lines(tmp_path / "there")) == sorted(lines(root)[1:])
    (tmp_path / "there" / LIST).unlink()
    unpack(tmp_path / "pack.tar", tmp_path / "there")
    check_list(tmp_path / "there")


def test_a_number_whose_dataset_is_gone_is_not_given_again(root: Path) -> None:
    shutil.rmtree(root / "tr108" / "v2")
    assert make_dataset(root, **SMALL, seed=3).name == "v3"  # type: ignore[arg-type]
    with pytest.raises(VersionExists):
        make_dataset(root, **SMALL, seed=4, version=2)  # type: ignore[arg-type]


def test_another_dataset_is_not_imported_under_a_label_that_was_sealed(root: Path, tmp_path: Path) -> None:
    make_dataset(tmp_path / "other", **SMALL, seed=7)  # type: ignore[arg-type]
    pack(tmp_path / "other", find(tmp_path / "other", "tr108"), tmp_path / "pack.tar")
    shutil.rmtree(root / "tr108" / "v1")
    with pytest.raises(VersionExists, match="tr108/v1 was sealed on"):
        unpack(tmp_path / "pack.tar", root)


def test_another_recording_does_not_take_the_name_of_one_that_is_gone(root: Path, tmp_path: Path) -> None:
    make_dataset(tmp_path / "other", **SMALL, seed=7, session={})  # type: ignore[arg-type]
    pack(tmp_path / "other", find(tmp_path / "other", "tr108", "r0001"), tmp_path / "pack.tar")
    shutil.rmtree(root / "tr108" / "v2")
    shutil.rmtree(root / "tr108" / "r0001")
    assert [one.label for one in unpack(tmp_path / "pack.tar", root)] == ["tr108/r0003"]


def test_a_line_that_a_crash_cut_short_is_written_again(root: Path) -> None:
    whole = (root / LIST).read_bytes()
    for cut in (1, 40, len(whole.splitlines()[-1])):
        (root / LIST).write_bytes(whole[:-cut])
        with pytest.raises(DatasetCorrupt, match="tr108/v2 is not listed"):
            check_list(root)
        with pytest.raises(VersionExists, match="published already as tr108/v2"):
            publish_version(root, recordings(root, "tr108"))
        assert (root / LIST).read_bytes() == whole


def replaced(root: Path) -> None:
    shutil.rmtree(root / "tr108" / "v1")
    make_dataset(root.parent / "other", **SMALL, seed=9)  # type: ignore[arg-type]
    shutil.copytree(root.parent / "other" / "tr108" / "v1", root / "tr108" / "v1")


def lost(root: Path) -> None:
    shutil.rmtree(root / "tr108" / "v2")


def unlisted(root: Path) -> None:
    (root / LIST).write_text("".join(f"{line}\n" for line in lines(root)[1:]), encoding="utf-8")


def dated(root: Path) -> None:
    (root / LIST).write_text("".join(f"{line}\n" for line in lines(root)).replace(CREATED[:10], "1999-01-01"))


def doubled(root: Path) -> None:
    (root / LIST).write_text("".join(f"{line}\n" for line in [*lines(root), lines(root)[0]]))


def scribbled(root: Path) -> None:
    (root / LIST).write_bytes((root / LIST).read_bytes() + b"\xff\x00 not a line\n")


def impossible(root: Path) -> None:
    (root / LIST).write_text("".join(f"{line}\n" for line in lines(root)).replace(CREATED[:10], "2026-13-45"))


@pytest.mark.parametrize(
    ("tamper", "says"),
    [
        (replaced, "tr108/v1 has the digest .* was sealed under that label"),
        (lost, "tr108/v2 is listed and gone"),
        (unlisted, "tr108/v1 is not listed"),
        (dated, "the list says 1999-01-01"),
        (doubled, "line 5 lists tr108/v1 again"),
        (scribbled, "line 5 is no label, SHA-256 and date"),
        (impossible, "line 1 is no label, SHA-256 and date"),
    ],
)
def test_what_is_not_as_it_was_sealed_is_told(root: Path, tamper: object, says: str) -> None:
    tamper(root)  # type: ignore[operator]
    with pytest.raises(DatasetCorrupt, match=says) as told:
        check_list(root)
    assert "\n" not in str(told.value)


def test_a_root_from_before_gets_a_list_of_everything_in_it(root: Path) -> None:
    (root / LIST).unlink()
    make_dataset(root, **SMALL, seed=5)  # type: ignore[arg-type]
    assert len(lines(root)) == len(versions(root, "tr108")) + len(recordings(root, "tr108")) == 5
    check_list(root)


def test_listing_twice_adds_one_line(root: Path) -> None:
    before = lines(root)
    for entry in present(root):
        enlist(root, entry.label, entry.digest, entry.day)
    assert lines(root) == before
    with pytest.raises(VersionExists, match="restore that one"):
        enlist(root, "tr108/v1", "0" * 64, CREATED)


def test_the_published_datasets_are_those_that_were_sealed() -> None:
    check_list(ROOT / "data")


def test_the_history_never_lost_a_line() -> None:
    """A line that any commit had is there today."""
    git = ["git", "-C", str(ROOT)]
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("there is no history here")
    path = f"data/{LIST}"
    log = subprocess.run([*git, "log", "--format=%H", "--", path], capture_output=True, text=True, check=True)
    now = set(lines(ROOT / "data"))
    for commit in log.stdout.split():
        shown = subprocess.run([*git, "show", f"{commit}:{path}"], capture_output=True, text=True, check=False)
        assert set(shown.stdout.splitlines()) <= now, commit
