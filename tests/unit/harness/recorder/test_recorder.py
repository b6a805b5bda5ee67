"""A recorder takes each planned run once, and continues only what is alike."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from harness.datasets.manifest import Code
from harness.errors import ConflictError, JournalCorrupt, ResumeRefused
from harness.events import Counters, Reading, Started, Task
from harness.outcomes import Missing
from harness.probes.facts import FACTS
from harness.recorder.journal import Journal
from harness.recorder.recorder import Recorder
from harness.recorder.records import Header, encode
from harness.recorder.resume_rules import NOT_IDENTITY

from .conftest import Recording


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal"


def test_what_was_appended_is_there_after_resuming(path: Path, recording: Recording) -> None:
    recording.write(path, 3)
    with Recorder.resume(path, recording.header) as recorder:
        assert recorder.header == recording.header
        assert recorder.runs == {run.run_id: run for run in recording.runs[:3]}
        assert recorder.recovered.dropped_bytes == 0
        recorder.append(recording.runs[3])
    with Recorder.resume(path, recording.header) as recorder:
        assert list(recorder.runs) == [run.run_id for run in recording.runs[:4]]


def test_resuming_after_a_torn_write_reports_what_was_dropped(path: Path, recording: Recording) -> None:
    recording.write(path, 2)
    with path.open("ab") as file:
        file.write(b"\xf7\xc1\xfe\xf5 torn")
    with Recorder.resume(path, recording.header) as recorder:
        assert recorder.recovered.dropped_bytes == 9
        assert len(recorder.runs) == 2


def test_a_journal_that_was_only_created_begins_with_the_header_of_today(path: Path, recording: Recording) -> None:
    Journal.create(path).close()
    with Recorder.resume(path, recording.header) as recorder:
        recorder.append(recording.runs[0])
    with Recorder.resume(path, recording.header) as recorder:
        assert recorder.header == recording.header
        assert len(recorder.runs) == 1


def test_a_run_is_recorded_once(path: Path, recording: Recording) -> None:
    recording.write(path, 1)
    with Recorder.resume(path, recording.header) as recorder, pytest.raises(ConflictError, match="recorded already"):
        recorder.append(recording.runs[0])


def test_a_run_that_was_not_planned_is_refused(path: Path, recording: Recording) -> None:
    with Recorder.create(path, recording.header) as recorder, pytest.raises(ValueError, match="not one of the planned"):
        recorder.append(dataclasses.replace(recording.runs[0], run_id="other"))


@pytest.mark.parametrize(
    "change",
    [
        {"cell_id": "000000000000"},
        {"position": 2**40},
        {"duration_ns": 2**70},
        {"facts": {"x": float("nan")}},
    ],
)
def test_a_run_that_could_not_be_sealed_is_refused_at_once(
    path: Path, recording: Recording, change: dict[str, Any]
) -> None:
    with Recorder.create(path, recording.header) as recorder:
        with pytest.raises(ValueError, match=r"design|schema|JSON"):
            recorder.append(dataclasses.replace(recording.runs[0], **change))
        recorder.append(recording.runs[0])
        assert len(recorder.runs) == 1


def test_contradictions_within_a_run_are_refused_at_once(path: Path, recording: Recording) -> None:
    run = recording.runs[0]
    uneven = dataclasses.replace(run.requests[0], tokens=(1,))
    both = Reading("p", "q", "W", 0, 1.0, Missing.NO_SENSOR)
    neither = Reading("p", "q", "W", 0, None)
    with Recorder.create(path, recording.header) as recorder:
        for change in ({"requests": (uneven,)}, {"readings": (both,)}, {"readings": (neither,)}):
            with pytest.raises(ValueError, match=r"different length|either a value or a reason"):
                recorder.append(dataclasses.replace(run, **change))


def test_a_hostile_counter_is_refused_at_once(path: Path, recording: Recording) -> None:
    run = recording.runs[0]
    request = dataclasses.replace(run.requests[0], counters=Counters(prompt_n=10**30))
    with Recorder.create(path, recording.header) as recorder, pytest.raises(ValueError, match="schema"):
        recorder.append(dataclasses.replace(run, requests=(request,)))


def test_text_that_is_no_unicode_is_recorded_with_replacements(path: Path, recording: Recording) -> None:
    run = recording.runs[0]
    request = dataclasses.replace(run.requests[0], text="a\ud800b")
    with Recorder.create(path, recording.header) as recorder:
        recorder.append(dataclasses.replace(run, requests=(request,)))
        assert recorder.runs[run.run_id].requests[0].text == "a\ufffdb"


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"fingerprint": "0" * 64}, "the study changed in its fingerprint"),
        ({"profile": "full"}, "profile: quick ≠ full"),
        ({"only": {"threads": [1]}}, "only: "),
        ({"order_seed": 7}, "order_seed: 42 ≠ 7"),
        ({"study": "tr999"}, "study: tr108 ≠ tr999"),
        ({"planned": ("a",)}, "planned runs"),
        ({"models": ()}, "model gemma-3-270m-q4_k_m: a5fd3b62230a ≠ absent"),
    ],
)
def test_another_measurement_is_refused_by_name(
    path: Path, recording: Recording, change: dict[str, Any], names: str
) -> None:
    recording.write(path, 1)
    before = path.read_bytes()
    today = dataclasses.replace(recording.header, **change)
    for permitted in (False, True):
        with pytest.raises(ResumeRefused, match=names) as caught:
            Recorder.resume(path, today, new_stratum=permitted)
        assert "to begin anew" in str(caught.value)
    assert path.read_bytes().startswith(before)


def test_a_changed_study_is_refused_by_what_changed(path: Path, recording: Recording) -> None:
    recording.write(path, 1)
    study = dataclasses.replace(recording.study, metrics=("ttft",), order_seed=42)
    today = dataclasses.replace(recording.header, design=study.canonical(), fingerprint=study.fingerprint())
    with pytest.raises(ResumeRefused, match="the study changed in metrics"):
        Recorder.resume(path, today)


def test_another_digest_of_a_model_is_refused_by_name(path: Path, recording: Recording) -> None:
    recording.write(path, 1)
    first, *rest = recording.header.models
    models = (first.model_copy(update={"sha256": "f" * 64}), *rest)
    with pytest.raises(ResumeRefused, match="≠ ffffffffffff"):
        Recorder.resume(path, dataclasses.replace(recording.header, models=models))


def with_environment(header: Header, **changes: str | int | None) -> Header:
    return dataclasses.replace(header, environment=header.environment | changes)


@pytest.mark.parametrize(
    "change", [{"cpu_model": "Other CPU"}, {"gpu_driver": "570.1"}, {"host_id": "f" * 16}, {"kernel": None}]
)
def test_another_environment_needs_permission_and_opens_a_stratum(
    path: Path, recording: Recording, change: dict[str, Any]
) -> None:
    recording.write(path, 2)
    today = with_environment(recording.header, **change)
    with pytest.raises(ResumeRefused, match=f"{next(iter(change))}: .*--resume"):
        Recorder.resume(path, today)
    with Recorder.resume(path, today, new_stratum=True) as recorder:
        assert [stratum.number for stratum in recorder.strata] == [1]
        assert next(iter(change)) in recorder.strata[0].reason
        recorder.append(recording.runs[2])
    with Recorder.resume(path, today) as recorder:
        assert len(recorder.strata) == 1
    with pytest.raises(ResumeRefused):
        Recorder.resume(path, recording.header)


def test_the_same_environment_opens_no_stratum_even_with_permission(path: Path, recording: Recording) -> None:
    recording.write(path, 2)
    with Recorder.resume(path, recording.header, new_stratum=True) as recorder:
        assert recorder.strata == ()


def test_a_restart_of_the_machine_is_no_other_environment(path: Path, recording: Recording) -> None:
    recording.write(path, 1)
    with Recorder.resume(path, with_environment(recording.header, boot_id="1" * 16)) as recorder:
        assert recorder.strata == ()


def test_the_facts_that_may_differ_are_those_that_the_probes_declare() -> None:
    assert {fact.name for fact in FACTS if not fact.identity} == NOT_IDENTITY


def test_another_revision_of_the_code_opens_a_stratum_by_itself(path: Path, recording: Recording) -> None:
    recording.write(path, 1)
    code = Code(revision="1" * 40, dirty=False, version="0.0.0")
    with Recorder.resume(path, dataclasses.replace(recording.header, code=code)) as recorder:
        assert recorder.strata[0].code == code
        assert recorder.strata[0].reason == f"code revision: {'0' * 40} ≠ {'1' * 40}"


def test_a_wall_clock_that_went_back_is_noted(path: Path, recording: Recording) -> None:
    recording.write(path, 2)
    began = datetime.fromtimestamp(recording.runs[1].started_unix_ns / 1e9, UTC)
    for back, noted in ((timedelta(seconds=30), ()), (timedelta(days=365), (1,))):
        today = dataclasses.replace(recording.header, created=(began - back).isoformat(timespec="seconds"))
        with Recorder.resume(path, today) as recorder:
            assert tuple(stratum.number for stratum in recorder.strata) == noted
    assert recorder.strata[0].reason.startswith("the wall clock went back: it is 365 days, 0:00:0")


def test_another_engine_version_is_refused_or_a_stratum(path: Path, recording: Recording) -> None:
    recording.write(path, 1)
    newer = dataclasses.replace(recording.runs[1], engines=(Started("synthetic", "2.0", 1, {}),))
    with Recorder.resume(path, recording.header) as recorder:
        with pytest.raises(ResumeRefused, match=r"synthetic: 1.0 ≠ 2.0"):
            recorder.append(newer)
        assert newer.run_id not in recorder.runs
    with Recorder.resume(path, recording.header, new_stratum=True) as recorder:
        recorder.append(newer)
        assert recorder.strata[0].reason == "synthetic: 1.0 ≠ 2.0"
        recorder.append(dataclasses.replace(recording.runs[2], engines=(Started("synthetic", "2.0", 1, {}),)))
        assert len(recorder.strata) == 1


def test_another_version_of_any_engine_of_a_run_is_noticed(path: Path, recording: Recording) -> None:
    front, back = Started("front", "1", 1, {}, "a"), Started("back", "1", 1, {}, "b")
    first, second = (dataclasses.replace(run, engines=(front, back)) for run in recording.runs[:2])
    with Recorder.create(path, recording.header) as recorder:
        recorder.append(first)
        with pytest.raises(ResumeRefused, match=r"back: 1 ≠ 2"):
            recorder.append(dataclasses.replace(second, engines=(front, dataclasses.replace(back, engine_version="2"))))
        recorder.append(second)


def test_names_within_a_run_are_refused_where_they_are_taken(path: Path, recording: Recording) -> None:
    run, twice = recording.runs[0], Started("synthetic", "1.0", 1, {}, "a")
    with Recorder.create(path, recording.header) as recorder:
        with pytest.raises(ValueError, match="are the same server"):
            recorder.append(dataclasses.replace(run, engines=(twice, twice)))
        with pytest.raises(ValueError, match="have the same index"):
            recorder.append(dataclasses.replace(run, tasks=(Task(0, "a", "python"), Task(0, "b", "rust"))))
        recorder.append(run)


def test_two_engines_side_by_side_are_no_change(path: Path, recording: Recording) -> None:
    recording.write(path, 1)
    with Recorder.resume(path, recording.header) as recorder:
        recorder.append(dataclasses.replace(recording.runs[1], engines=(Started("another", "2.0", 1, {}),)))
        assert recorder.strata == ()


def test_records_that_no_recorder_wrote_are_refused(path: Path, recording: Recording) -> None:
    header, run = encode(recording.header), encode(recording.runs[0])
    for payloads in ([run], [header, header], [header, run, run]):
        path.unlink(missing_ok=True)
        with Journal.create(path) as journal:
            journal.append_many(payloads)
        with pytest.raises(JournalCorrupt, match="not written by this recorder"):
            Recorder.resume(path, recording.header)


def test_missing_readings_keep_their_reason(path: Path, recording: Recording) -> None:
    recording.write(path, 1)
    with Recorder.resume(path, recording.header) as recorder:
        (run,) = recorder.runs.values()
    absent = [reading for reading in run.readings if reading.value is None]
    assert absent
    assert {reading.missing for reading in absent} == {Missing.NO_SENSOR}


def test_withdrawn_runs_are_recorded_again_and_say_so(path: Path, recording: Recording) -> None:
    recording.write(path, 3)
    first, second = recording.runs[:2]
    with Recorder.resume(path, recording.header) as recorder:
        recorder.withdraw([first.run_id])
        assert first.run_id not in recorder.runs
    with Recorder.resume(path, recording.header) as recorder:
        assert first.run_id not in recorder.runs
        recorder.append(first)
        assert recorder.runs[first.run_id].facts["attempts"] == 2
        assert "attempts" not in recorder.runs[second.run_id].facts
    with Recorder.resume(path, recording.header) as recorder:
        assert set(recorder.runs) == {run.run_id for run in recording.runs[:3]}
        with pytest.raises(ConflictError):
            recorder.append(first)


def test_only_what_is_recorded_can_be_withdrawn(path: Path, recording: Recording) -> None:
    recording.write(path, 1)
    with Recorder.resume(path, recording.header) as recorder:
        with pytest.raises(ValueError, match="is not recorded"):
            recorder.withdraw([recording.runs[1].run_id])
        recorder.withdraw([])
        assert set(recorder.runs) == {recording.runs[0].run_id}
