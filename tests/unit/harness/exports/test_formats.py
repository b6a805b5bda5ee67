"""Every form of an export: the same bytes twice, whole or not at all, and no path of this machine."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness.cli import app
from harness.datasets.catalog import find
from harness.errors import DataError, DatasetCorrupt, UsageError
from harness.exports import formats, sealed_dataset
from harness.exports.formats import Format, export


def bytes_of(target: Path) -> dict[str, bytes]:
    files = [target] if target.is_file() else [path for path in target.rglob("*") if path.is_file()]
    return {path.relative_to(target).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("kind", Format)
def test_an_export_is_the_same_twice_and_holds_no_path(two_sessions: Path, tmp_path: Path, kind: Format) -> None:
    elsewhere = tmp_path / "moved" / "data"
    shutil.copytree(two_sessions, elsewhere)
    shutil.copy(two_sessions.parent / "pyproject.toml", elsewhere.parent)
    for root, name in ((two_sessions, "one"), (elsewhere, "two")):
        export(root, find(root, "tr108"), tmp_path / name, kind)
    first = bytes_of(tmp_path / "one")
    assert first == bytes_of(tmp_path / "two")
    assert first
    for place in (two_sessions.parent, tmp_path, Path.home(), Path(formats.__file__).parents[2]):
        assert not [name for name, data in first.items() if f"{place}/".encode() in data]


@pytest.mark.parametrize(
    ("raised", "told"),
    [(OSError(errno.ENOSPC, "No space left on device"), DataError), (KeyboardInterrupt(), KeyboardInterrupt)],
)
@pytest.mark.parametrize("kind", [Format.CROISSANT, Format.CSV, Format.IN_TOTO])
def test_a_failed_export_leaves_nothing(
    two_sessions: Path,
    tmp_path: Path,
    kind: Format,
    raised: BaseException,
    told: type[BaseException],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = formats._WRITERS[kind]

    def stopped(sealed: sealed_dataset.SealedDataset, path: Path) -> None:
        real(sealed, path)
        raise raised

    monkeypatch.setitem(formats._WRITERS, kind, stopped)
    with pytest.raises(told):
        export(two_sessions, find(two_sessions, "tr108"), tmp_path / "out", kind)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", Format)
def test_nothing_is_written_over(two_sessions: Path, tmp_path: Path, kind: Format) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(UsageError, match="exists already"):
        export(two_sessions, find(two_sessions, "tr108"), tmp_path / "out", kind)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_damaged_dataset_is_not_exported(two_sessions: Path, tmp_path: Path) -> None:
    shutil.copytree(two_sessions, tmp_path / "data")
    table = tmp_path / "data" / "tr108" / "r0002" / "runs.parquet"
    table.write_bytes(table.read_bytes()[:-1])
    with pytest.raises(DatasetCorrupt, match=r"r0002/runs\.parquet is damaged"):
        export(tmp_path / "data", find(tmp_path / "data", "tr108"), tmp_path / "out", Format.RO_CRATE)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_recording_is_exported_by_its_name(two_sessions: Path, tmp_path: Path) -> None:
    told = CliRunner().invoke(
        app("export"),
        ["export", "tr108", "r0002", str(tmp_path / "out"), "--as", "croissant", "--data", str(two_sessions)],
    )
    assert (told.exit_code, told.stdout) == (0, f"Wrote tr108/r0002 as croissant to {tmp_path / 'out'}.\n")
    assert {name.partition("/")[0] for name in bytes_of(tmp_path / "out")} == {"croissant.json", "tr108"}


def test_what_nobody_declares_is_told(two_sessions: Path, tmp_path: Path) -> None:
    shutil.copytree(two_sessions, tmp_path / "imported")
    told = CliRunner().invoke(
        app("export"),
        ["export", "tr108", "v1", str(tmp_path / "out"), "--as", "ro-crate", "--data", str(tmp_path / "imported")],
    )
    assert "nobody declares it: licence, authors, address" in told.stderr
    assert b"No licence is declared" in bytes_of(tmp_path / "out")["ro-crate-metadata.json"]


@pytest.mark.parametrize("kind", [Format.ARCHIVE, Format.IN_TOTO])
def test_one_file_goes_to_standard_output(
    two_sessions: Path, tmp_path: Path, kind: Format, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    export(two_sessions, find(two_sessions, "tr108"), tmp_path / "file", kind)
    arguments = ["export", "tr108", "v1", "-", "--as", str(kind), "--data", str(two_sessions)]
    result = CliRunner().invoke(app("export"), arguments)
    assert result.exit_code == 0
    assert result.stdout_bytes == (tmp_path / "file").read_bytes()
    assert f"Wrote tr108/v1 as {kind} to standard output." in result.stderr
    assert not (tmp_path / "-").exists()


@pytest.mark.parametrize("kind", [Format.CROISSANT, Format.RO_CRATE, Format.CSV, Format.ZENODO])
def test_a_folder_does_not_go_to_standard_output(
    two_sessions: Path, tmp_path: Path, kind: Format, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = ["export", "tr108", "v1", "-", "--as", str(kind), "--data", str(two_sessions)]
    result = CliRunner().invoke(app("export"), arguments)
    assert isinstance(result.exception, UsageError)
    assert str(result.exception) == f"--as {kind} writes a folder, and - is standard output; name the folder"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", Format)
@pytest.mark.parametrize("place", ["tr108/v9", "tr108/out.tar", "tr108/v1/out"])
def test_nothing_is_written_among_sealed_datasets(two_sessions: Path, kind: Format, place: str) -> None:
    before = bytes_of(two_sessions)
    with pytest.raises(UsageError, match="lies among the sealed datasets"):
        export(two_sessions, find(two_sessions, "tr108"), two_sessions / place, kind)
    assert bytes_of(two_sessions) == before


@pytest.mark.parametrize(
    "name", ["a b", "-x", "\u00fc", "\U0001f600", "a\nb", "'quoted'", "x" * 200, "%s{0}", ".hidden"]
)
@pytest.mark.parametrize("kind", [Format.ARCHIVE, Format.CROISSANT, Format.ZENODO])
def test_a_place_of_any_name_has_the_same_bytes(two_sessions: Path, tmp_path: Path, kind: Format, name: str) -> None:
    for one in ("plain", name):
        export(two_sessions, find(two_sessions, "tr108"), tmp_path / one, kind)
    assert bytes_of(tmp_path / "plain") == bytes_of(tmp_path / name)


@pytest.mark.parametrize("name", ["x" * 300, "none/out", "file/out", "..", ".", "/"])
def test_a_place_that_cannot_be_is_one_line_and_leaves_nothing(
    two_sessions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("x")
    for kind in Format:
        with pytest.raises((UsageError, DataError)) as caught:
            export(two_sessions, find(two_sessions, "tr108"), Path(name), kind)
        assert "\n" not in str(caught.value)
        assert [path.name for path in tmp_path.iterdir()] == ["file"]
