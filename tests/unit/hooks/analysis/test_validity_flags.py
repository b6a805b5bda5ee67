"""Flags of validity on a report's page: counted, explained, with the strongest evidence."""

from __future__ import annotations

from pathlib import Path

from harness.datasets.read import Dataset
from harness.validity.flags import MEANINGS
from hooks.analysis.measurements import Measurements
from hooks.analysis.questions import ask
from hooks.analysis.validity_flags import RUN_FLAGS, flagged, flags, size
from hooks.content.blocks import Lit
from hooks.values.value import Value
from tests.support.projects import record


def measured(folder: Path, **options: object) -> Measurements:
    return Measurements(Dataset.open(record(folder, runs=2, requests=2, tokens=4, **options)))


def test_only_usable_runs_are_counted(tmp_path: Path) -> None:
    data = measured(tmp_path, failures=3, flags={"loop_lag": "p99 loop lag 3.2 ms > 5% of the median gap 10 ms"})
    found = flagged(data, "loop_lag")
    assert found.number == len(data.dataset.runs) - 3
    assert flagged(data, "throttling").number == 0
    assert found.question is not None
    assert ask(data, found.question) == found


def test_the_table_names_every_flag_of_a_run(tmp_path: Path) -> None:
    data = measured(tmp_path, failures=0, flags={"throttling": "3 thermal events counted by the processor"})
    rows = {row[0]: row for row in flags(data).rows}
    assert rows.keys() == {flag.value.replace("_", " ") for flag in RUN_FLAGS}
    assert [row[1] for row in rows.values()] == [MEANINGS[flag] for flag in RUN_FLAGS]
    count, evidence = rows["throttling"][2:]
    assert isinstance(count, Value)
    assert count.number == len(data.dataset.runs)
    assert isinstance(evidence, Lit)
    assert evidence.text.startswith("3 thermal events counted by the processor (run ")
    assert rows["loop lag"][3] == "—"


def test_client_bound_is_not_judged_without_a_calibration(tmp_path: Path) -> None:
    uncalibrated = {row[0]: row[2] for row in flags(measured(tmp_path / "a")).rows}
    assert uncalibrated["client bound"] == "not judged: no calibration"
    calibrated = {row[0]: row[2] for row in flags(measured(tmp_path / "b", calibration="0" * 64)).rows}
    assert isinstance(calibrated["client bound"], Value)


def test_the_size_of_evidence_is_what_was_found() -> None:
    assert size("p99 loop lag 3.250 ms > 5% of the median gap 10.000 ms") == 3.25
    assert size("other programs took 0.52 processors, limit 0.1") == 0.52
    assert size("no number") == 0


def test_a_flag_that_older_recordings_were_not_judged_by_is_shown_where_a_run_carries_it(tmp_path: Path) -> None:
    data = measured(tmp_path, failures=0, flags={"stall": "request 3 stood still for 2.00 s"})
    (row,) = (row for row in flags(data).rows if row[0] == "stall")
    assert isinstance(row[2], Value)
    assert row[2].number == len(data.dataset.runs)
