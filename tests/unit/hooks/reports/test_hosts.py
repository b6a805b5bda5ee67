"""Findings on synthetic hosts with a known difference: what holds, fails or is untested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from harness.datasets.read import Dataset
from harness.design import Factor, Study
from harness.errors import UsageError
from harness.events import Scalar
from hooks.analysis.contrasts import session_spread
from hooks.analysis.measurements import Measurements
from hooks.claims.evaluate import State
from hooks.content.blocks import Content, Lit
from hooks.recipes.hosts.findings import Finding, findings
from hooks.recipes.hosts.hosts import hosts
from hooks.recipes.report_builder import Draft
from hooks.recipes.sources import Source
from hooks.reports import compute
from hooks.values.questions import Spread
from hooks.values.value import Value
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
    assert found.facts.flags["holds_everywhere"] == (
        "TR108: time per output token, threads 2 ÷ 1 (gemma-3-270m-q4_k_m); "
        "TR108: time per output token, threads 2 ÷ 1 (smollm2-135m-q4_1)"
    )
    assert found.facts.flags["fails_somewhere"] == ""
    assert found.claims["apart-tr108-threads-gemma-a-b"].state is not State.HOLDS
    assert cells(found, "spreads", "tr108 threads-gemma")[-1] == "— (fewer than three hosts)"


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
