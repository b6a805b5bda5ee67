"""Findings on synthetic hosts with a known difference: what holds, fails or is untested."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from statistics import fmean, geometric_mean, stdev
from types import SimpleNamespace
from typing import Any

import pytest

from harness.datasets.read import Dataset
from harness.design import Factor, Study
from harness.errors import UsageError
from harness.events import Scalar
from harness.units import MS
from hooks.analysis.contrasts import session_spread
from hooks.analysis.measurements import Measurements
from hooks.claims.evaluate import State
from hooks.content.blocks import Content, Lit
from hooks.recipes.hosts.findings import Finding, findings
from hooks.recipes.hosts.hosts import hosts
from hooks.recipes.report_builder import Draft
from hooks.recipes.sources import Source
from hooks.reports import compute
from hooks.values.evidence import Strength
from hooks.values.prediction import PREDICT
from hooks.values.questions import OfDataset, Spread
from hooks.values.serialize import page_record
from hooks.values.value import Value
from hooks.verify.checks import derived_values
from hooks.verify.reader.site import Site
from hooks.verify.reader.values_json import StatedPage
from tests.support.datasets import make_dataset, synthetic_study

OTHER: Mapping[str, Scalar] = {"host_id": "fedcba9876543210"}


def study(name: str = "tr108") -> Study:
    """The synthetic study with the levels of threads that TR108 declares."""
    made = synthetic_study(name)
    factors = tuple(
        Factor("threads", ("1", "2"), "threads", "threads") if factor.name == "threads" else factor
        for factor in made.factors
    )
    return replace(made, factors=factors)


THIRD: Mapping[str, Scalar] = {"host_id": "c" * 16, "cpu_model": "Other CPU"}
EFFECTS = (1.5, 1.45, 1.6)


@pytest.fixture(scope="module")
def of_three(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Source]:
    """Three hosts on which two threads help, each by another factor; the third has another processor."""
    root = tmp_path_factory.mktemp("three")
    made = {}
    for seed, (effect, environment) in enumerate(zip(EFFECTS, ({}, OTHER, THIRD), strict=True)):
        folder = make_dataset(
            root, study=study(), runs=8, effect={"threads=2": effect}, seed=seed, environment=environment
        )
        made["abc"[seed]] = source(folder, other=seed > 0)
    return made


@pytest.fixture(scope="module")
def three(of_three: dict[str, Source]) -> Content:
    made = Draft.over(of_three)
    compute("tr123")(made)
    return made.content()


def source(folder: Path, *, other: bool = False) -> Source:
    found = Measurements(Dataset.open(folder), other_recording=other)
    return Source(found, study(found.dataset.manifest.study))


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Source]:
    """On the first host two threads are half as fast again, on the second slower; a third has another study."""
    root = tmp_path_factory.mktemp("hosts")
    first = make_dataset(root, study=study(), runs=8, effect={"threads=2": 1.5})
    second = make_dataset(root, study=study(), runs=8, effect={"threads=2": 0.8}, seed=1, environment=OTHER)
    third = make_dataset(root, study=study("tr117"), seed=2, environment={"host_id": "c" * 16})
    return {"here": source(first), "there": source(second, other=True), "elsewhere": source(third)}


@pytest.fixture(scope="module")
def draft(named: dict[str, Source]) -> Draft:
    return Draft.over(named)


@pytest.fixture(scope="module")
def tr123(named: dict[str, Source]) -> Content:
    made = Draft.over(named)
    compute("tr123")(made)
    return made.content()


@pytest.fixture(scope="module")
def threads(draft: Draft) -> Finding:
    return next(one for one in findings(hosts(draft), ("tr108",)) if one.primary.id == "threads-gemma")


def cells(found: Content, table: str, row: str) -> list[str]:
    for line in found.tables[table].rows:
        shown = [cell.text if isinstance(cell, Lit | Value) else cell for cell in line]
        if shown[0] == row:
            return shown
    raise AssertionError(row)


def test_hosts_are_told_apart_by_their_recorded_id(draft: Draft) -> None:
    assert [(one.name, list(one.data)) for one in hosts(draft)] == [
        ("host A", ["tr108"]),
        ("host B", ["tr108"]),
        ("host C", ["tr117"]),
    ]


def test_a_finding_that_turns_around_fails_on_the_other_host(threads: Finding) -> None:
    assert threads.said == "smaller"
    assert [threads.on(letter) for letter in "ABC"] == ["holds", "fails", "untested"]
    assert threads.everywhere is False


def test_the_ratio_of_both_ratios_is_the_known_difference(tr123: Content) -> None:
    claim = tr123.claims["apart-tr108-threads-gemma-a-b"]
    times = claim.values["times"]
    assert claim.state is State.HOLDS
    assert times.interval is not None
    assert times.interval.low < 1.5 / 0.8 < times.interval.high
    assert times.interval.method == "square and add"


def test_the_page_says_so_in_every_place(tr123: Content) -> None:
    assert tr123.claims["finding-tr108-threads-gemma"].state is State.FAILS
    assert tr123.facts.flags["finding_tr108_threads_gemma"] is False
    assert cells(tr123, "matrix", "tr108 threads-gemma")[1:4] == ["holds", "fails", "untested"]
    assert set(cells(tr123, "matrix", "tr108 threads-gemma")[4:]) == {"untested"}
    assert "fewer than three hosts" in cells(tr123, "spreads", "tr108 threads-gemma")[-1]
    assert {row["series"] for row in tr123.figures["hero"].spec["datasets"]["shown"]} == {"host A", "host B"}


def test_what_no_host_can_be_asked_is_untested(tr123: Content) -> None:
    """The synthetic studies have neither contexts nor temperatures, and TR118 has no dataset."""
    for finding in ("tr108 temperature", "tr117 onnx-answer", "tr118 onnx-decode"):
        assert set(cells(tr123, "matrix", finding)[1:]) == {"untested"}


def test_the_same_effect_on_both_holds_everywhere(tmp_path: Path) -> None:
    effect = {"threads=2": 1.5}
    first = make_dataset(tmp_path, study=study(), runs=8, effect=effect)
    second = make_dataset(tmp_path, study=study(), runs=8, effect=effect, seed=1, environment=OTHER)
    made = Draft.over({"here": source(first), "there": source(second, other=True)})
    compute("tr123")(made)
    found = made.content()
    assert found.claims["finding-tr108-threads-gemma"].state is State.HOLDS
    assert found.facts.flags["holds_everywhere"] == "TR108"
    for model in ("gemma", "smollm2"):
        assert cells(found, "matrix", f"tr108 threads-{model}")[1:3] == ["holds"] * 2
    flags = found.facts.flags
    assert (flags["fails_somewhere"], flags["two_hosts"], flags["one_kind"]) == ("", True, True)
    assert found.claims["apart-tr108-threads-gemma-a-b"].state is not State.HOLDS
    assert cells(found, "spreads", "tr108 threads-gemma")[-1] == "— (fewer than three hosts)"


def predictions(found: Content, row: str) -> list[Value]:
    (line,) = (line for line in found.tables["spreads"].rows if isinstance(line[0], Lit) and line[0].text == row)
    return [cell for cell in line if isinstance(cell, Value) and cell.operation == PREDICT]


def test_three_hosts_predict_a_new_one(three: Content) -> None:
    """The ratio and the metric at the reference, from what each host gave."""
    ratio, base = predictions(three, "tr108 threads-gemma")
    assert ratio.number == pytest.approx(geometric_mean(1 / effect for effect in EFFECTS), rel=0.02)
    assert ratio.interval is not None
    logs = [math.log(parent.number or 0) for parent in ratio.parents]
    half = 4.302652729911275 * stdev(logs) * math.sqrt(4 / 3)
    assert (ratio.interval.low, ratio.interval.high) == pytest.approx(
        (math.exp(fmean(logs) - half), math.exp(fmean(logs) + half))
    )
    assert (ratio.strength, ratio.interval.level) == (Strength.EXTRAPOLATED, 0.95)
    assert ratio.definition.startswith("what a recording on a new host would give")
    assert base.unit == MS
    assert [parent.question.dataset for parent in base.parents if isinstance(parent.question, OfDataset)] == [
        "tr108/v1",
        "tr108/v2",
        "tr108/v3",
    ]


def test_the_page_of_three_hosts_says_what_they_are(three: Content) -> None:
    flags = three.facts.flags
    assert (flags["two_hosts"], flags["one_kind"], flags["predicted"]) == (False, False, True)
    assert flags["one_session"] == "host A, host B, host C"
    assert flags["no_interval"] == ""
    assert cells(three, "matrix", "tr108 threads-gemma")[1:4] == ["holds"] * 3
    assert flags["holds_everywhere"] == "TR108"
    assert flags["open_on_a_new_host"] == ""
    assert three.claims["finding-tr108-threads-gemma"].state is State.HOLDS
    told_apart = {name: claim.state for name, claim in three.claims.items() if name.startswith("apart-")}
    assert told_apart["apart-tr108-threads-gemma-b-c"] is State.FAILS
    assert State.INCONCLUSIVE not in told_apart.values()


def test_a_finding_on_two_hosts_predicts_nothing(tr123: Content) -> None:
    assert tr123.facts.flags["predicted"] is False
    assert predictions(tr123, "tr108 threads-gemma") == []


def test_a_host_of_few_blocks_takes_part_in_the_prediction_alone(of_three: dict[str, Source], tmp_path: Path) -> None:
    few = make_dataset(tmp_path, study=study(), runs=3, effect={"threads=2": 1.2}, seed=9, environment=THIRD)
    made = Draft.over({**of_three, "c": source(few, other=True)})
    compute("tr123")(made)
    found = made.content()
    assert found.facts.flags["no_interval"] == "host C"
    assert found.claims["finding-tr108-threads-gemma"].state is State.HOLDS
    assert "on host C" not in found.claims["finding-tr108-threads-gemma"].sentence
    assert cells(found, "matrix", "tr108 threads-gemma")[1:4] == ["holds", "holds", "not settled"]
    ratio, _ = predictions(found, "tr108 threads-gemma")
    assert len(ratio.parents) == 3


class Stated(Site):
    """The files of sealed datasets with one page that states values."""

    stated: StatedPage

    @property
    def pages(self) -> list[Any]:
        return [SimpleNamespace(name="page", stated=self.stated)]


@pytest.fixture
def judged(three: Content, of_three: dict[str, Source]) -> Callable[..., list[str]]:
    """What the referee says of the predictions after a change to what the page states of each."""
    values = predictions(three, "tr108 threads-gemma")
    site = Stated(of_three["a"].data.dataset.path.parents[1])

    def judged(**changed: Any) -> list[str]:
        record = page_record("page", values)
        for value in record["values"].values():
            if value["operation"] == PREDICT:
                value |= {key: change(value[key]) for key, change in changed.items()}
        site.stated = StatedPage.model_validate(record)
        return [one.problem for one in derived_values.check(site) if one.problem]

    return judged


def test_the_referee_computes_predictions_again(judged: Callable[..., list[str]]) -> None:
    assert judged() == []


@pytest.mark.parametrize(
    ("key", "change", "why"),
    [
        ("number", lambda number: number * 1.001, "its parents give"),
        ("interval", lambda found: {**found, "low": found["low"] * 1.001}, "the runs give"),
        ("interval", lambda found: {**found, "high": found["high"] * 1.001}, "the runs give"),
        ("interval", lambda found: {**found, "method": "Student t"}, "the runs give"),
        ("interval", lambda _: None, "the site says no interval"),
        ("parents", lambda parents: parents[:2], "over 2 parents is no operation"),
        ("parents", lambda parents: [*parents[:2], parents[0]], "a dataset of each host"),
        ("status", lambda _: "derived", "do not make it derived"),
        ("n", lambda n: n + 1, "do not have n ="),
        ("operation", lambda _: "*", "is no operation"),
    ],
)
def test_the_referee_finds_a_changed_prediction(
    judged: Callable[..., list[str]], key: str, change: Callable[[Any], Any], why: str
) -> None:
    said = judged(**{key: change})
    assert len(said) == 2
    assert all(why in one for one in said)


def test_a_dataset_of_an_unknown_host_is_refused(named: dict[str, Source], tmp_path: Path) -> None:
    unknown = make_dataset(tmp_path, study=study(), runs=2, environment={"host_id": None})
    with pytest.raises(UsageError, match="dataset 'new' does not tell one host"):
        hosts(Draft.over({**named, "new": source(unknown)}))
    again = make_dataset(tmp_path, study=study(), runs=2, seed=4)
    with pytest.raises(UsageError, match="dataset 'again' is the second one of its host and of tr108"):
        hosts(Draft.over({**named, "again": source(again)}))


def test_one_session_has_no_spread_of_sessions(named: dict[str, Source]) -> None:
    found = session_spread(named["here"].data, "tpot", {"threads": "1"})
    assert isinstance(found.question, Spread)
    assert (found.number, found.missing) == (None, "too few sessions")
