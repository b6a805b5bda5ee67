"""What the commands say of versions, of recordings and of versions that list recordings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness.cli import app
from harness.commands import options
from harness.datasets.catalog import find, recordings
from harness.errors import UnknownName, UsageError
from harness.recorder.versions import publish_version
from tests.support.datasets import make_dataset, synthetic_study


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A version with tables of its own, two recordings of two machines, and a version that lists both."""
    root = tmp_path_factory.mktemp("data")
    make_dataset(root, runs=1, requests=1)
    for seed, cpu in ((1, "CPU A"), (2, "CPU B")):
        make_dataset(root, runs=1, requests=1, seed=seed, environment={"cpu_model": cpu}, session={"seed": seed})
    publish_version(root, recordings(root, "tr108"))
    return root


def said(data: Path, name: str, *arguments: str) -> str:
    done = CliRunner().invoke(app(name), [name, *arguments, "--data", str(data)], catch_exceptions=False)
    return done.stdout


def test_datasets_are_listed_with_their_sessions(data: Path) -> None:
    rows = {row["dataset"]: row for row in json.loads(said(data, "datasets", "--json"))}
    assert {label: row["sessions"] for label, row in rows.items()} == {
        "tr108/v1": ["v1"],
        "tr108/v2": ["r0001", "r0002"],
        "tr108/r0001": ["r0001"],
        "tr108/r0002": ["r0002"],
    }
    assert rows["tr108/v2"]["outcomes"] == {"ok": 16}
    assert "CPU A, CPU B" in said(data, "datasets")


def test_every_session_of_a_dataset_is_shown(data: Path) -> None:
    lines = said(data, "show", "tr108", "v2").splitlines()
    assert [line for line in lines if line.startswith("r000")] == [
        "r0001: 8 runs, recorded 2026-01-02T03:04:05+00:00 on CPU A",
        "r0002: 8 runs, recorded 2026-01-02T03:04:05+00:00 on CPU B",
    ]
    shown = json.loads(said(data, "show", "tr108", "r0002", "--json"))
    assert shown["sessions"]["r0002"]["session"] == {"seed": 2}
    assert {cell["n"] for cell in json.loads(said(data, "show", "tr108", "2", "--json"))["cells"]} == {2}


def test_a_recording_is_audited_and_packed_like_a_version(data: Path, tmp_path: Path) -> None:
    assert {row["rule"] for row in json.loads(said(data, "audit", "tr108", "r0001", "--json"))} >= {"complete"}
    assert "Packed tr108/r0001 into" in said(data, "export", "tr108", "r0001", str(tmp_path / "one.tar"))


def test_what_is_no_name_or_not_there_is_said(data: Path) -> None:
    with pytest.raises(UnknownName, match=r"'tr108/r0009'; choose one of: tr108/r0001, tr108/r0002, tr108/v1"):
        said(data, "show", "tr108", "r0009")
    with pytest.raises(UsageError, match=r"'r1' is not a version; .* recordings r0001"):
        said(data, "show", "tr108", "r1")


def test_a_version_of_the_sessions_of_one_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "load_study", lambda *_: synthetic_study())
    for seed, host in enumerate(("a" * 16, "b" * 16, "a" * 16)):
        make_dataset(tmp_path, runs=1, requests=1, seed=seed, environment={"host_id": host}, session={"seed": seed})
    assert "3 of 0 wanted sessions (r0001, r0002, r0003)" in said(tmp_path, "seal", "tr108", "--sessions")
    of_one = said(tmp_path, "seal", "tr108", "--sessions", "--host", "aaaa")
    assert "tr108, host aaaaaaaaaaaaaaaa: 2 of 0 wanted sessions (r0001, r0003)" in of_one
    assert find(tmp_path, "tr108", "v2").sessions == ("r0001", "r0003")
    with pytest.raises(UsageError, match=r"a{16} \(2 sessions\), b{16} \(1 session\)"):
        said(tmp_path, "seal", "tr108", "--sessions", "--host", "cccc")
