"""Sealed primaries over sessions: what the page shows, and that the referee finds the same on its own."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from harness.canonical_json import canonical_json
from harness.datasets.catalog import recordings
from harness.datasets.read import Dataset
from harness.datasets.sealed_primaries import sealed_primaries
from harness.design import Primary, Study
from harness.errors import DatasetCorrupt, UnknownName
from harness.recorder.versions import publish_version
from hooks.analysis.measurements import Measurements
from hooks.analysis.primaries import PrimaryResult, answer_primary, primary_results
from hooks.recipes.primaries import primary_table
from hooks.values.questions import OfPrimary, question_record
from hooks.values.value import Value
from hooks.verify.reader.dataset import Sealed, sealed_datasets
from hooks.verify.reader.mismatches import Examined
from hooks.verify.reader.questions_json import StatedQuestion
from hooks.verify.reader.samples import CannotAnswer, Samples
from hooks.verify.recompute.equality import same
from hooks.verify.recompute.questions import answer_of
from tests.support.datasets import make_dataset, synthetic_study

STATED: TypeAdapter[StatedQuestion] = TypeAdapter(StatedQuestion)
SESSIONS = 7
THREADS = Primary("threads", "tpot", "threads", 2, 1, margin=1.05)
GPU = Primary("num-gpu", "tpot", "num_gpu", 80, 0, (("threads", 1),), margin=1.2, smallest=1.3)


def declared(*primaries: Primary) -> Study:
    return replace(synthetic_study(), primaries=primaries, sessions=SESSIONS)


def sessions(root: Path, study: Study, count: int = SESSIONS, first: int = 0, flagged: tuple[int, ...] = ()) -> None:
    for seed in range(first, first + count):
        flags = {"loop_lag": "late"} if seed in flagged else {}
        make_dataset(root, study=study, runs=1, requests=3, tokens=8, seed=seed, effect={"threads=2": 1.5},
                     flags=flags, session={"number": seed})  # fmt: skip


def published(root: Path) -> Measurements:
    return Measurements(Dataset.open(publish_version(root, recordings(root, "tr108")).path))


def referee(root: Path) -> Samples:
    return Samples([one for one in sealed_datasets(root) if isinstance(one, Sealed)][-1])


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("primaries")
    sessions(folder, declared(THREADS, GPU), flagged=(2,))
    return folder


@pytest.fixture(scope="module")
def data(root: Path) -> Measurements:
    return published(root)


@pytest.fixture(scope="module")
def found(data: Measurements) -> dict[str, PrimaryResult]:
    return {one.primary.id: one for one in primary_results(data)}


def test_an_effect_over_sessions_is_found_and_no_effect_is_not(found: dict[str, PrimaryResult]) -> None:
    threads, gpu = found["threads"], found["num-gpu"]
    assert (threads.finding, threads.blocks.number) == ("effect", SESSIONS)
    assert threads.p_effect.number == pytest.approx(2 * 2 / 2**SESSIONS)
    assert threads.ratio.interval is not None
    assert threads.ratio.interval.low < 1 / 1.5 < threads.ratio.interval.high < 1
    assert threads.ratio.interval.level == pytest.approx(1 - 0.05 / 2)
    assert gpu.finding == "equivalent"
    assert gpu.p_effect.number is not None
    assert gpu.p_effect.number > 0.05


def test_without_flagged_runs_their_session_is_left_out(found: dict[str, PrimaryResult]) -> None:
    assert found["threads"].unflagged.n == SESSIONS - 1
    assert found["threads"].unflagged.caution == "too few blocks for an interval"
    assert found["threads"].unflagged.number != found["threads"].ratio.number


def test_the_referee_finds_the_same_on_its_own(root: Path, found: dict[str, PrimaryResult]) -> None:
    samples = referee(root)
    for one in found.values():
        for value in (one.ratio, one.p_effect, one.p_equivalent, one.detectable, one.blocks, one.unflagged):
            assert value.question is not None
            agree(value, samples)


def agree(value: Value, samples: Samples) -> None:
    assert value.question is not None
    answer = answer_of(samples, STATED.validate_python(question_record(value.question)))
    assert same(answer.number, value.number)
    assert (answer.n, answer.unit, answer.meaning) == (value.n, value.unit, value.definition)
    assert (answer.interval is None) == (value.interval is None)
    if answer.interval and value.interval:
        assert same(answer.interval.low, value.interval.low)
        assert same(answer.interval.high, value.interval.high)
        assert (answer.interval.level, answer.interval.method) == (value.interval.level, value.interval.method)


def test_sessions_of_several_hosts_give_the_ratio_on_each(tmp_path: Path) -> None:
    for seed, (host, speed) in enumerate([("feed", 1.5)] * 3 + [("beef", 2.0)] * 4):
        make_dataset(tmp_path, study=declared(THREADS, GPU), runs=1, requests=3, tokens=8, seed=seed,
                     effect={"threads=2": speed}, environment={"host_id": host}, session={"number": seed})  # fmt: skip
    data = published(tmp_path)
    threads, gpu = primary_results(data)
    slow, fast = threads.by_host
    assert (threads.blocks.number, slow.n, fast.n) == (7, 3, 4)
    assert slow.number == pytest.approx(1 / 1.5, rel=0.05)
    assert fast.number == pytest.approx(1 / 2.0, rel=0.05)
    assert [column.header for column in primary_table(data, declared(THREADS, GPU)).columns[-2:]] == [
        "on host A",
        "on host B",
    ]
    samples = referee(tmp_path)
    for value in (*threads.by_host, *gpu.by_host):
        agree(value, samples)


def test_sessions_of_one_host_have_no_column_of_their_own(found: dict[str, PrimaryResult], data: Measurements) -> None:
    assert found["threads"].by_host == ()
    assert not [
        column.header for column in primary_table(data, declared(THREADS, GPU)).columns if "host" in column.header
    ]


def test_the_table_has_a_line_for_each_and_says_what_it_counts(data: Measurements) -> None:
    table = primary_table(data, declared(THREADS, GPU))
    assert [column.header for column in table.columns].count("sessions") == 1
    assert len(table.rows) == 2


def test_blocks_of_one_session_are_the_units_of_that_session(tmp_path: Path) -> None:
    folder = make_dataset(tmp_path, study=declared(THREADS), runs=6, requests=2, tokens=8, effect={"threads=2": 1.5})
    data = Measurements(Dataset.open(folder))
    (one,) = primary_results(data)
    assert (one.finding, one.blocks.number) == ("effect", 6)
    assert [column.header for column in primary_table(data, declared(THREADS, GPU)).columns].count("blocks") == 1
    samples = referee(tmp_path)
    for value in (one.ratio, one.p_effect, one.detectable):
        agree(value, samples)


def test_too_few_sessions_give_a_ratio_and_no_more(tmp_path: Path) -> None:
    sessions(tmp_path, declared(THREADS, GPU), count=6)
    threads, _ = primary_results(published(tmp_path))
    assert (threads.finding, threads.ratio.interval, threads.p_effect.missing) == (
        "not settled",
        None,
        "too_few_blocks",
    )
    agree(threads.p_effect, referee(tmp_path))


def test_a_dataset_without_sealed_primaries_has_none(measured: Measurements) -> None:
    assert primary_results(measured) == ()
    with pytest.raises(UnknownName, match="unknown primary 'threads'"):
        answer_primary(measured, OfPrimary(**measured.about_dataset(), primary="threads", of="ratio"))


def test_a_primary_that_no_session_sealed_is_refused_by_the_referee(root: Path) -> None:
    question = OfPrimary(dataset="tr108/v1", digest="0" * 64, primary="colour", of="ratio")
    with pytest.raises(CannotAnswer, match="no session of the dataset sealed a primary colour"):
        answer_of(referee(root), STATED.validate_python(question_record(question)))


def test_a_primary_counts_only_the_sessions_that_sealed_it(tmp_path: Path) -> None:
    sessions(tmp_path, declared(), count=2, first=20)
    sessions(tmp_path, declared(THREADS, GPU), count=7)
    sessions(tmp_path, declared(replace(THREADS, margin=1.02), GPU), count=1, first=30)
    data = published(tmp_path)
    assert data.dataset.runs.num_rows == 10 * 8
    assert [len(one.sessions) for one in sealed_primaries(data.dataset)] == [1, 8]
    threads, gpu = primary_results(data)
    assert (threads.primary.margin, threads.blocks.number, gpu.blocks.number) == (1.02, 1, 8)
    for one in (threads, gpu):
        agree(one.ratio, referee(tmp_path))
        agree(one.p_equivalent, referee(tmp_path))


def test_recordings_that_measured_the_same_stand_in_one_version_whatever_is_read_from_them(tmp_path: Path) -> None:
    sessions(tmp_path, declared(THREADS), count=1)
    fewer = replace(declared(THREADS), metrics=("ttft", "tpot"), sessions=9)
    sessions(tmp_path, fewer, count=1, first=1)
    manifest = published(tmp_path).dataset.manifest
    assert (manifest.fingerprint, manifest.design["metrics"]) == (fewer.fingerprint(), ["ttft", "tpot"])
    assert referee(tmp_path).designs.keys() == {"r0001/", "r0002/"}


def test_a_version_of_another_fingerprint_than_its_last_recording_is_refused(root: Path, tmp_path: Path) -> None:
    for name in ("r0001", "r0002"):
        shutil.copytree(root / "tr108" / name, tmp_path / "tr108" / name)
    path = publish_version(tmp_path, recordings(tmp_path, "tr108")).path / "manifest.json"
    fields = json.loads(path.read_bytes()) | {"fingerprint": "0" * 64}
    path.write_bytes(canonical_json(fields) + b"\n")
    with pytest.raises(DatasetCorrupt, match="r0002 is of another fingerprint"):
        Dataset.open(path.parent)
    wrong = [str(one.problem) for one in sealed_datasets(tmp_path) if isinstance(one, Examined)]
    assert any("of another fingerprint" in problem for problem in wrong)
