"""The simulation of coverage stops and goes on: what a file has by enough simulations is left, the rest is made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.benchmarks import coverage_simulation
from tests.support.projects import ROOT

PUBLISHED = json.loads((ROOT / "docs" / "methodology" / "coverage.json").read_bytes())["rows"]


def made(monkeypatch: pytest.MonkeyPatch, *options: str) -> None:
    monkeypatch.setattr("sys.argv", ["coverage_simulation", "--procedure", "break-even", *options])
    coverage_simulation.main()


def test_only_rows_of_fewer_simulations_are_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "rows.json"
    made(monkeypatch, "--simulations", "20", "--out", str(out))
    body = json.loads(out.read_bytes())
    assert (body["simulations"], {row["simulations"] for row in body["rows"]}) == (20, {20})
    assert capsys.readouterr().out.count("break-even") == len(body["rows"]) > 1
    body["rows"][1] |= {"simulations": 10, "share": 0.0}
    out.write_text(json.dumps(body), encoding="utf-8")
    made(monkeypatch, "--simulations", "20", "--out", str(out), "--resume")
    assert capsys.readouterr().out.count("break-even") == 1
    again = json.loads(out.read_bytes())["rows"]
    assert again[1]["share"] > 0
    assert [row["n"] for row in again] == [row["n"] for row in body["rows"]]


def test_every_published_row_is_made_by_a_group_and_in_its_order() -> None:
    jobs = [job for group in coverage_simulation.GROUPS for job in group(1)]
    names = [name for job in jobs for name in job.names]
    assert len(set(names)) == len(names)
    assert [(row["procedure"], row["shape"], row["n"]) for row in PUBLISHED] == names
