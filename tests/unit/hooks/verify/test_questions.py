"""The referee's answers against the renderer's: metrics of readings and tasks, counts, settings, declared inputs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from harness.datasets.read import Dataset
from harness.design import Planned
from harness.events import Run, Task
from harness.outcomes import Code, failed
from hooks.analysis.measurements import Measurements
from hooks.analysis.moments import reading, readings_while_measured
from hooks.analysis.validity_flags import flagged
from hooks.values.questions import question_record
from hooks.values.value import Value
from hooks.verify.reader.dataset import Sealed, sealed_datasets
from hooks.verify.reader.questions_json import StatedInput, StatedQuestion
from hooks.verify.reader.samples import CannotAnswer, Samples
from hooks.verify.recompute.answer import Answer
from hooks.verify.recompute.equality import same
from hooks.verify.recompute.inputs import declared, entries
from hooks.verify.recompute.questions import answer_of
from tests.support.projects import ROOT, record
from tests.support.runs import MS, RunMaker

STATED: TypeAdapter[Any] = TypeAdapter(StatedQuestion)
INPUT = StatedInput(kind="input", name="carbon.grid", date="2025-12-31", region="US", source="an agency")
DECLARED = """inputs:
  - {id: carbon.grid, what: carbon intensity, value: "369.0", unit: gCO2e/kWh, date: 2025-12-31, region: US,
     source: an agency}
"""


def samples_of(folder: Path) -> Samples:
    (sealed,) = (found for found in sealed_datasets(folder) if isinstance(found, Sealed))
    return Samples(sealed)


def agree(value: Value, samples: Samples) -> Answer:
    """What the referee answers, after comparing it with a value."""
    assert value.question is not None
    found = answer_of(samples, STATED.validate_python(question_record(value.question)))
    assert same(found.number, value.number)
    assert (found.n, found.unit, found.meaning) == (value.n, value.unit, value.definition)
    assert (found.interval is None) == (value.interval is None)
    return found


def test_a_question_is_answered_once_and_a_like_one_anew() -> None:
    folder = ROOT / "data" / "tr108" / "v3"
    data, samples = Measurements(Dataset.open(folder)), samples_of(folder)
    question = data.value("ttft", {"threads": "1"}).question
    assert question is not None
    asked = STATED.validate_python(question_record(question))
    other = asked.model_copy(update={"where": {"threads": ["2"]}})
    found = answer_of(samples, asked)
    assert answer_of(samples, asked.model_copy()) is found
    assert answer_of(samples, other).runs != found.runs
    assert answer_of(samples_of(folder), asked) is not found


@pytest.mark.parametrize("metric", ["engine_rss_peak", "engine_cpu_share", "ttft"])
def test_readings_of_a_committed_dataset(metric: str) -> None:
    folder = ROOT / "data" / "tr108" / "v3"
    data, samples = Measurements(Dataset.open(folder)), samples_of(folder)
    value = data.value(metric, {"threads": "1"})
    assert value.number is not None
    found = agree(value, samples)
    assert value.sample is not None
    assert found.numbers == value.sample.numbers


def test_readings_of_a_run_in_their_order() -> None:
    folder = ROOT / "data" / "tr108" / "v3"
    data, samples = Measurements(Dataset.open(folder)), samples_of(folder)
    run = str(data.run_ids({"threads": ["1"]})[0])
    numbers = readings_while_measured(data, run, "engine.rss", 60)
    some = readings_while_measured(data, run, "engine.rss", 2)
    assert len(some) <= 2
    assert set(some) <= set(numbers)
    assert numbers
    at = [agree(reading(data, run, "engine.rss", number, "at"), samples).number or -1.0 for number in numbers]
    assert at == sorted(at)
    assert at[0] >= 0
    assert all(
        (agree(reading(data, run, "engine.rss", number, "value"), samples).number or 0) > 1e6 for number in numbers
    )
    assert agree(reading(data, run, "engine.rss", 10_000, "at"), samples).number is None


@pytest.mark.parametrize(
    ("label", "metric", "why"),
    [
        ("prompt-cache/v1", "ttft", "neighbouring runs of this session are alike"),
        ("tr120/v2", "e2e_kv", "neighbouring runs of this session are alike"),
        ("tr108/v3", "ttft", "drifts over the session"),
        ("tr108/v3", "load_time", ""),
        ("tr120/v1", "compile_time", ""),
    ],
)
def test_a_session_that_bears_no_interval_has_none_and_says_why(label: str, metric: str, why: str) -> None:
    folder = ROOT / "data" / label
    data, samples = Measurements(Dataset.open(folder)), samples_of(folder)
    value = data.value(metric)
    assert (value.interval is None) is bool(why)
    assert why in value.caution
    agree(value, samples)


def test_a_dataset_older_than_tasks_has_none() -> None:
    folder = ROOT / "data" / "tr108" / "v3"
    value = Measurements(Dataset.open(folder)).value("task_duration")
    assert value.missing == "not_applicable"
    agree(value, samples_of(folder))


@pytest.fixture(scope="module")
def with_tasks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset whose runs have three tasks each, of which one failed."""
    folder, plain = tmp_path_factory.mktemp("tasks"), RunMaker.run

    def run(self: RunMaker, item: Planned) -> Run:
        made = plain(self, item)
        tasks = [
            Task(k, "a", "python", started_ns=k * MS, ended_ns=(3 * k + item.position) * MS, ingested_files=k)
            for k in (1, 2)
        ]
        return replace(made, tasks=(*tasks, Task(3, "b", "rust", failed(Code.ENGINE_EXITED, "it ended"))))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RunMaker, "run", run)
        return record(folder)


@pytest.mark.parametrize(
    ("metric", "within"), [("task_duration", None), ("task_duration", "max"), ("ingested_files", "sum")]
)
def test_tasks_of_a_recording(with_tasks: Path, metric: str, within: str | None) -> None:
    data, samples = Measurements(Dataset.open(with_tasks)), samples_of(with_tasks)
    value = data.value(metric, within=within)
    assert value.n == 47
    agree(value, samples)
    assert value.question is not None
    assert "tasks" in " ".join(value.question.words(value.definition))


@pytest.fixture(scope="module")
def with_failed_requests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording whose runs, three of four, have one to three failed requests among five."""
    plain = RunMaker.run

    def run(self: RunMaker, item: Planned) -> Run:
        made = plain(self, item)
        bad = {len(made.requests) - 1 - k for k in range(item.position % 4)}
        ended = failed(Code.CLOSED_EARLY, "it ended")
        requests = (replace(one, outcome=ended) if k in bad else one for k, one in enumerate(made.requests))
        return replace(made, requests=tuple(requests))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RunMaker, "run", run)
        return record(tmp_path_factory.mktemp("failing"), requests=5, failures=0)


@pytest.mark.parametrize("within", ["median", "mean", "max", "min", "p50"])
@pytest.mark.parametrize("metric", ["ttft", "e2e_latency", "failed_share", "tpot"])
def test_requests_that_failed(with_failed_requests: Path, metric: str, within: str) -> None:
    data, samples = Measurements(Dataset.open(with_failed_requests)), samples_of(with_failed_requests)
    found = agree(data.value(metric, within=within), samples)
    if metric == "ttft":
        assert found.n == {"median": 36, "mean": 12, "max": 12, "min": 48, "p50": 36}[within]


@pytest.mark.parametrize("metric", ["request_throughput", "output_token_throughput"])
def test_throughput_counts_what_was_completed(with_failed_requests: Path, metric: str) -> None:
    data, samples = Measurements(Dataset.open(with_failed_requests)), samples_of(with_failed_requests)
    whole = data.value(metric, {"position": [0, 4]})
    less = data.value(metric, {"position": [3, 7]})
    agree(whole, samples)
    assert 0 < (agree(less, samples).number or 0) < 0.7 * (whole.number or 0)


@pytest.mark.parametrize("across", ["median", "mean", "max"])
def test_one_prompt_and_the_largest(measured: Measurements, recorded: Path, across: Any) -> None:
    samples = samples_of(recorded)
    ratio = measured.value("ttft", phase="cold", divided_by="measured", prompt="p0", across=across)
    assert agree(ratio, samples).number != agree(measured.value("ttft", across=across), samples).number
    assert ratio.sample is not None
    assert ratio.sample.statistic == across
    assert measured.value("ttft", prompt="none").missing == "not_applicable"


@pytest.mark.parametrize(
    ("where", "texts", "scores"), [({}, 13, 11), ({"parallel": 1}, 3, 2), ({"configuration": "no such"}, 0, 0)]
)
def test_different_reports_and_their_different_scores(where: dict[str, Any], texts: int, scores: int) -> None:
    folder = ROOT / "data" / "tr113" / "v4"
    (sealed,) = (one for one in sealed_datasets(folder.parent) if isinstance(one, Sealed) and one.folder == folder)
    data, samples = Measurements(Dataset.open(folder)), Samples(sealed)
    assert agree(data.count("texts", where), samples).number == texts
    assert agree(data.count("scores", where), samples).number == scores


def test_counts_settings_and_flags(measured: Measurements, recorded: Path) -> None:
    samples = samples_of(recorded)
    for value in (
        measured.count(),
        measured.count("requests", {"threads": 1}),
        measured.count("cells"),
        measured.count(outcome="failed"),
        measured.effective("threads", {"threads": 2}),
        measured.effective("threads"),
        measured.effective("model_sha256"),
        flagged(measured, "loop_lag"),
    ):
        agree(value, samples)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('"369.0"', '"370.0"', ""),
        ("date: 2025-12-31", "date: 2024-12-31", "the date of the input carbon.grid is 2024-12-31"),
        ("region: US", "region: EU", "the region"),
        ("source: an agency", "source: a rumour", "the source"),
        (", unit: gCO2e/kWh", "", "without what it needs"),
        ("unit: gCO2e/kWh", "unit: furlong", "without what it needs"),
        ("id: carbon.grid", "id: carbon", "0 files of data/inputs"),
        ("inputs:", "inputs: [", "declares no inputs"),
    ],
)
def test_an_input_is_read_again_from_its_file(tmp_path: Path, old: str, new: str, why: str) -> None:
    folder = tmp_path / "data" / "inputs"
    folder.mkdir(parents=True)
    (folder / "carbon.yml").write_text(DECLARED, encoding="utf-8")
    found = declared(entries(tmp_path), INPUT)
    assert (found.number, found.unit.symbol, found.decimals, found.meaning) == (
        369.0,
        "gCO2e/kWh",
        1,
        "carbon intensity",
    )
    (folder / "carbon.yml").write_text(DECLARED.replace(old, new, 1), encoding="utf-8")
    if not why:
        assert declared(entries(tmp_path), INPUT).number == 370.0
        return
    with pytest.raises(CannotAnswer, match=why):
        declared(entries(tmp_path), INPUT)


def test_an_input_is_no_question_to_a_dataset(recorded: Path) -> None:
    with pytest.raises(CannotAnswer, match="is not to a dataset"):
        answer_of(samples_of(recorded), INPUT)
