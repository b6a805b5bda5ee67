"""What a seal writes, what it refuses, and that one journal always gives the same bytes."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.datasets.catalog import catalog
from harness.datasets.read import Dataset
from harness.datasets.schema import READINGS, REQUESTS, RUNS, SCHEMA_VERSION, file_names
from harness.errors import DatasetCorrupt, JournalCorrupt, RunsFailed, UsageError, VersionExists
from harness.recorder import seal as seal_module
from harness.recorder import tables
from harness.recorder.journal import Journal
from harness.recorder.recorder import Recorder
from harness.recorder.seal import seal
from tests.support.datasets import make_dataset
from tests.support.journals import write_journal

from .conftest import Recording


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_one_journal_gives_the_same_bytes_everywhere(tmp_path: Path) -> None:
    journal = write_journal(tmp_path / "journal")
    first, second = seal(journal, tmp_path / "a"), seal(journal, tmp_path / "b")
    assert contents(first.path) == contents(second.path)
    assert first.digest == second.digest
    assert sorted(contents(first.path)) == sorted(file_names(SCHEMA_VERSION) | {"manifest.json"})


def test_the_order_in_which_runs_were_appended_does_not_matter(tmp_path: Path, recording: Recording) -> None:
    folders = []
    for name, runs in (("forth", recording.runs), ("back", recording.runs[::-1])):
        with Recorder.create(tmp_path / name, recording.header) as recorder:
            for run in runs:
                recorder.append(run)
        folders.append(seal(tmp_path / name, tmp_path / f"data-{name}").path)
    assert contents(folders[0]) == contents(folders[1])


def test_rows_are_sorted_and_complete(tmp_path: Path, recording: Recording) -> None:
    dataset = Dataset.open(seal(recording.write(tmp_path / "journal"), tmp_path / "data").path)
    positions = dataset.runs["position"].to_pylist()
    assert positions == sorted(run.position for run in recording.runs)
    requests = [(row["position"], row["request_index"]) for row in dataset.requests.to_pylist()]
    assert requests == sorted((run.position, request.index) for run in recording.runs for request in run.requests)
    readings = [(row["position"], row["at_ns"]) for row in dataset.readings.to_pylist()]
    assert readings == sorted((run.position, reading.at_ns) for run in recording.runs for reading in run.readings)


def test_every_column_is_filled_from_its_own_fact(tmp_path: Path, recording: Recording) -> None:
    dataset = Dataset.open(seal(recording.write(tmp_path / "journal"), tmp_path / "data").path)
    run = min(recording.runs, key=lambda run: run.position)
    row, (request, *_), (reading, *_) = (
        dataset.runs.to_pylist()[0],
        dataset.requests.to_pylist(),
        dataset.readings.to_pylist(),
    )
    assert json.loads(row["requested"]) == dict(run.requested)
    assert {name: row[f"level.{name}"] for name in ("model", "num_gpu", "threads")} == dict(run.requested)
    assert run.started is not None
    assert (row["engine"], row["engine_version"], row["load_ns"]) == ("synthetic", "1.0", run.started.load_ns)
    assert json.loads(row["effective"]) == dict(run.started.effective)
    first = run.requests[0]
    assert tuple(request["arrivals_ns"]) == first.arrivals_ns
    assert request["engine_predicted_ms"] == first.counters.predicted_ms
    assert (request["phase"], request["text"], request["sent_ns"]) == ("cold", first.text, first.sent_ns)
    assert (reading["probe"], reading["at_ns"]) == (run.readings[0].probe, run.readings[0].at_ns)


def test_rows_have_exactly_the_columns_of_the_schema(recording: Recording) -> None:
    run = recording.runs[0]
    builder = tables.Tables(recording.header.design)
    assert set(builder._run(run, 0)) == {*RUNS.names, "level.model", "level.num_gpu", "level.threads"}
    assert set(next(tables._requests(run))) == set(REQUESTS.names)
    assert set(next(tables._readings(run))) == set(READINGS.names)


def test_the_manifest_says_what_was_recorded(tmp_path: Path, recording: Recording) -> None:
    manifest = Dataset.open(seal(recording.write(tmp_path / "journal"), tmp_path / "data").path).manifest
    head = recording.header
    assert (manifest.study, manifest.version, manifest.profile) == ("tr108", 1, "quick")
    assert (manifest.journal_id, manifest.fingerprint, manifest.design) == (
        head.journal_id,
        head.fingerprint,
        head.design,
    )
    assert manifest.environment == head.environment
    assert manifest.outcomes == {"ok": 8}
    assert (manifest.planned_runs, manifest.recorded_runs) == (8, 8)
    assert manifest.created == head.created
    assert [model.name for model in manifest.models] == [model.name for model in head.models]


def test_strata_are_in_the_manifest_and_on_their_runs(tmp_path: Path, recording: Recording) -> None:
    path = recording.write(tmp_path / "journal", 5)
    today = dataclasses.replace(recording.header, environment=recording.header.environment | {"gpu_driver": "2"})
    with Recorder.resume(path, today, new_stratum=True) as recorder:
        for run in recording.runs[5:]:
            recorder.append(run)
    dataset = Dataset.open(seal(path, tmp_path / "data").path)
    assert [(s.number, s.reason) for s in dataset.manifest.strata] == [(1, "gpu_driver: None ≠ 2")]
    assert dataset.manifest.strata[0].environment["gpu_driver"] == "2"
    assert dataset.runs["stratum"].to_pylist() == [0] * 5 + [1] * 3


def test_the_same_journal_is_not_sealed_twice(tmp_path: Path) -> None:
    journal = write_journal(tmp_path / "journal")
    seal(journal, tmp_path / "data")
    for version in (None, 1, 2):
        with pytest.raises(VersionExists, match="already sealed as tr108/v1"):
            seal(journal, tmp_path / "data", version=version)
    assert [ref.label for ref in catalog(tmp_path / "data")] == ["tr108/v1"]


def test_another_journal_becomes_the_next_version(tmp_path: Path) -> None:
    assert seal(write_journal(tmp_path / "a"), tmp_path / "data").version == 1
    second = seal(write_journal(tmp_path / "b", seed=1), tmp_path / "data", supersedes_reason="calibrated since")
    manifest = Dataset.open(second.path).manifest
    assert (manifest.version, manifest.supersedes, manifest.supersedes_reason) == (2, 1, "calibrated since")


def test_a_number_that_another_process_takes_meanwhile_is_left_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, data = write_journal(tmp_path / "a"), write_journal(tmp_path / "b", seed=1), tmp_path / "data"
    next_free = seal_module.next_free

    def overtaken(folder: Path, number_of: Callable[[str], int | None]) -> int:
        number = next_free(folder, number_of)
        monkeypatch.setattr(seal_module, "next_free", next_free)
        seal(second, data)
        return number

    monkeypatch.setattr(seal_module, "next_free", overtaken)
    assert seal(first, data).version == 2
    assert [ref.label for ref in catalog(data)] == ["tr108/v1", "tr108/v2"]


@pytest.mark.parametrize("step", ["next_free", "refuse_sealed"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_journal_that_another_process_seals_meanwhile_is_sealed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, when: str
) -> None:
    journal, data = write_journal(tmp_path / "a"), tmp_path / "data"
    real = getattr(seal_module, step)

    def overtaken(*arguments: object) -> object:
        monkeypatch.setattr(seal_module, step, real)
        if when == "before":
            seal(journal, data)
        made = real(*arguments)
        if when == "after":
            seal(journal, data)
        return made

    monkeypatch.setattr(seal_module, step, overtaken)
    with pytest.raises(VersionExists, match="already sealed as tr108/v1"):
        seal(journal, data)
    assert [ref.label for ref in catalog(data)] == ["tr108/v1"]


def test_a_version_may_replace_another_than_the_one_before_it(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for seed in range(2):
        seal(write_journal(tmp_path / str(seed), seed=seed), data)
    third = seal(write_journal(tmp_path / "c", seed=2), data, supersedes_reason="a quiet machine", replaces=1)
    assert Dataset.open(third.path).manifest.supersedes == 1
    with pytest.raises(UsageError, match=r"has no v9 below v4; it has: v1, v2, v3"):
        seal(write_journal(tmp_path / "d", seed=3), data, supersedes_reason="why", replaces=9)
    with pytest.raises(UsageError, match="give the reason with --supersedes"):
        seal(write_journal(tmp_path / "e", seed=4), data, replaces=1)


def test_nothing_can_be_superseded_before_the_first_version(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no earlier version to supersede"):
        seal(write_journal(tmp_path / "a"), tmp_path / "data", supersedes_reason="why")
    assert catalog(tmp_path / "data") == ()


@pytest.mark.parametrize("reason", ["", "  ", "two\nlines", "\udcff"])
def test_a_reason_is_one_line_of_text(tmp_path: Path, reason: str) -> None:
    with pytest.raises(UsageError, match="say it in one line"):
        seal(write_journal(tmp_path / "a"), tmp_path / "data", supersedes_reason=reason)


def test_what_does_not_read_back_is_not_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = seal_module.FileEntry
    monkeypatch.setattr(seal_module, "FileEntry", lambda **known: real(**known | {"rows": known["rows"] + 1}))
    with pytest.raises(DatasetCorrupt, match="rows"):
        seal(write_journal(tmp_path / "a"), tmp_path / "data")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_an_existing_version_is_never_replaced(tmp_path: Path) -> None:
    sealed = seal(write_journal(tmp_path / "a"), tmp_path / "data")
    before = contents(sealed.path)
    with pytest.raises(VersionExists, match="tr108/v1 exists already"):
        seal(write_journal(tmp_path / "b", seed=1), tmp_path / "data", version=1)
    assert contents(sealed.path) == before
    assert [path.name for path in (tmp_path / "data" / "tr108").iterdir()] == ["v1"]


def test_an_incomplete_matrix_is_sealed_only_on_request(tmp_path: Path) -> None:
    journal = write_journal(tmp_path / "journal", recorded=5)
    with pytest.raises(UsageError, match=r"3 of 8 planned runs.*--partial"):
        seal(journal, tmp_path / "data")
    assert not (tmp_path / "data").exists()
    manifest = Dataset.open(seal(journal, tmp_path / "data", partial=True).path).manifest
    assert (manifest.outcomes, manifest.planned_runs) == ({"ok": 5}, 8)


def test_a_journal_that_grew_since_its_partial_seal_is_sealed_again(tmp_path: Path, recording: Recording) -> None:
    path = recording.write(tmp_path / "journal", 5)
    seal(path, tmp_path / "data", partial=True)
    with Recorder.resume(path, recording.header) as recorder:
        for run in recording.runs[5:]:
            recorder.append(run)
    assert seal(path, tmp_path / "data").version == 2


def test_an_empty_journal_has_nothing_to_seal(tmp_path: Path) -> None:
    Journal.create(tmp_path / "empty").close()
    with pytest.raises(RunsFailed, match="no runs to seal"):
        seal(tmp_path / "empty", tmp_path / "data")
    with pytest.raises(RunsFailed, match="no runs to seal"):
        seal(write_journal(tmp_path / "none", recorded=0), tmp_path / "data", partial=True)


def test_a_matrix_without_a_usable_run_is_not_sealed(tmp_path: Path) -> None:
    with pytest.raises(RunsFailed, match=r"none of 8 runs of tr108 is usable \(8 engine_exited\)"):
        make_dataset(tmp_path / "data", runs=1, failures=8)
    assert not (tmp_path / "data").exists()


def test_failures_are_counted_and_their_text_is_kept(tmp_path: Path) -> None:
    dataset = Dataset.open(make_dataset(tmp_path / "data", runs=1, failures=2))
    assert dataset.manifest.outcomes == {"failed": 2, "ok": 6}
    first = dataset.runs.to_pylist()[0]
    assert (first["outcome"], first["outcome_code"]) == ("failed", "engine_exited")
    assert first["outcome_detail"].endswith("=1+1")
    assert (first["engine"], first["effective"], first["load_ns"]) == (None, None, None)


def test_a_damaged_journal_is_not_sealed(tmp_path: Path) -> None:
    journal = write_journal(tmp_path / "journal")
    data = bytearray(journal.read_bytes())
    data[len(data) // 2] ^= 1
    journal.write_bytes(data)
    with pytest.raises(JournalCorrupt):
        seal(journal, tmp_path / "data")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("name", ["../out", "/etc", "TR108", "", "a b", ".seal-x", "tr108\n"])
def test_a_study_cannot_name_a_folder_elsewhere(tmp_path: Path, name: str) -> None:
    journal = write_journal(tmp_path / "journal", study_id=name)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError, match="cannot be named"):
        seal(journal, tmp_path / "data")
    assert sorted(tmp_path.rglob("*")) == before
