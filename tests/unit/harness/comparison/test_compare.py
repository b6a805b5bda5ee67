"""Two datasets of a study: ratios with intervals, and conditions that fail a build or cannot be judged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer

from harness.commands.compare import compare
from harness.comparison.condition import read_condition
from harness.comparison.sides import opened
from harness.errors import BinderyError, UnknownName, UsageError
from tests.support.datasets import make_dataset

RUNS = 8


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Versions 1 and 2 of a study, of which the second takes 30 % longer with one thread, and 3 with two runs each."""
    root = tmp_path_factory.mktemp("compared")
    make_dataset(root, runs=RUNS, requests=2, tokens=8, seed=1)
    make_dataset(root, runs=RUNS, requests=2, tokens=8, seed=2, effect={"threads=1": 1 / 1.3})
    make_dataset(root, runs=2, requests=2, tokens=8, seed=3)
    return root


def ended(data: Path, new: str, *fail_if: str, **more: Any) -> int:
    with pytest.raises(typer.Exit) as exit_:
        compare("tr108/v1", new, list(fail_if), more.get("metric"), more.get("as_json", False), data)
    return int(exit_.value.exit_code)


@pytest.mark.parametrize(
    ("new", "fail_if", "code"),
    [
        ("tr108/v2", (), 0),
        ("tr108/v2", ("ttft.low > 1.05",), 10),
        ("tr108/v2", ("ttft.median.ratio>1.5", "e2e_latency.ratio < 0.5"), 0),
        ("tr108/v2", ("decode_tps.high < 0.9",), 10),
        ("tr108/v3", ("ttft.high > 1.05",), 20),
        ("tr108/v3", ("ttft.high > 1.05", "ttft.ratio > 0.1"), 10),
        ("tr108/v2", ("ttft.p99.ratio > 1.5",), 20),
    ],
)
def test_the_exit_code_says_whether_a_condition_holds(
    data: Path, new: str, fail_if: tuple[str, ...], code: int
) -> None:
    assert ended(data, new, *fail_if) == code


def test_ratios_are_those_that_were_put_in(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(data, "tr108/v2", "ttft.low > 1.05", as_json=True) == 10
    found = json.loads(capsys.readouterr().out)
    slower = [one for one in found["ratios"] if one["cell"]["threads"] == 1]
    alike = [one for one in found["ratios"] if one["cell"]["threads"] == 2]
    assert len(slower) == len(alike) == 4
    assert all(1.1 < one["low"] < one["ratio"] < one["high"] < 1.5 for one in slower)
    assert all(0.9 < one["ratio"] < 1.1 for one in alike)
    held = {one["cell"]["threads"] for one in found["conditions"] if one["state"] == "holds"}
    assert held == {1}


def test_the_table_says_what_is_missing_and_for_what_the_intervals_hold(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(data, "tr108/v3", "ttft.high > 2", metric=["ttft"]) == 20
    said = " ".join(capsys.readouterr().out.split())
    assert "(no interval: " in said
    assert "hold for these recording sessions alone" in said
    assert "ttft.high > 2 cannot be judged at" in said


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("ttft", UsageError),
        ("ttft > 1.05", UsageError),
        ("ttft.high == 1", UsageError),
        ("ttft.high > -1", UsageError),
        ("ttft.high > 0", UsageError),
        ("ttft.highest > 1", UsageError),
        ("ttft.p95.mean.high > 1", UsageError),
        ("ttft.p0.high > 1", UsageError),
        ("ttft.often.high > 1", UsageError),
        ("ttft.high > 1; ls", UsageError),
        ("ttft.high > " + "9" * 400, UsageError),
        ("ttft.high > 0." + "0" * 400 + "1", UsageError),
        ("ttft.high > 1e3", UsageError),
        ("ttft.high > 1,05", UsageError),
        ("ttft.high > nan", UsageError),
        ("ttft.high > \u0661", UsageError),
        ("1.05 < ttft.high", UsageError),
        ("ttft.high > 1.05 or ttft.low > 2", UsageError),
        ("", UsageError),
        ("speed.high > 1", UnknownName),
    ],
)
def test_what_is_no_condition_is_refused(text: str, error: type[BinderyError]) -> None:
    with pytest.raises(error):
        read_condition(text)


def test_datasets_that_cannot_be_set_against_each_other_are_refused(data: Path, tmp_path: Path) -> None:
    assert opened(str(data / "tr108" / "v1"), tmp_path).label == "tr108/v1"
    for wrong in ("tr108", "tr108/v9x", str(tmp_path), "../etc"):
        with pytest.raises(UsageError):
            opened(wrong, data)
    with pytest.raises(UnknownName):
        opened("tr108/v9", data)
