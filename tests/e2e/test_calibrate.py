"""The instrument measures itself through the whole path: worker, driver, client, journal, seal."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from harness.calibration.written import written
from harness.datasets.read import Dataset


def harness(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "harness", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=1500)


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    folder = tmp_path_factory.mktemp("calibration")
    places = ("--data", str(folder / "data"), "--state", str(folder / "state"))
    done = harness("calibrate", "--profile", "smoke", "--json", *places)
    assert done.returncode == 0, done.stderr
    return folder / "data", json.loads(done.stdout)


def test_every_load_has_an_error(calibrated: tuple[Path, dict[str, object]]) -> None:
    _, printed = calibrated
    cells = printed["cells"]
    assert isinstance(cells, list)
    assert [(c["streams"], c["itl_ms"], c["ttft_ms"]) for c in cells] == [(1, 5, 10), (8, 5, 10)]
    assert [c["ttft"]["n"] for c in cells] == [6, 48]
    assert all(c["itl"]["n"] == c["ttft"]["n"] * 19 for c in cells)
    assert all(c["arrival"]["bias"] > 0 for c in cells)


def test_the_truth_stands_beside_what_was_seen(calibrated: tuple[Path, dict[str, object]]) -> None:
    data, printed = calibrated
    dataset = Dataset.open(data / "calibration" / "v1")
    assert dataset.digest == printed["digest"]
    assert dataset.manifest.environment["client"]
    for row in dataset.requests.to_pylist():
        truth = written(json.loads(row["effective"]))
        assert truth is not None
        assert len(truth.writes_ns) == sum(row["tokens"]) == 20
        assert all(seen > wrote for seen, wrote in zip(row["arrivals_ns"], truth.writes_ns, strict=True))


def test_the_client_is_watched_while_it_measures(calibrated: tuple[Path, dict[str, object]]) -> None:
    data, _ = calibrated
    for row in Dataset.open(data / "calibration" / "v1").runs.to_pylist():
        facts = json.loads(row["facts"])
        assert facts["loop_lag_n"] > 0
        assert 0 < facts["client_cpu_ns"] < facts["drive_ns"]
        assert "after.foreign_cpu" in facts
