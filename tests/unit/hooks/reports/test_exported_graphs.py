"""TR118 on a synthetic recording: what fails the gate is hollow and in no ranking, and no reason to end is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.datasets.read import Dataset
from hooks.analysis.measurements import Measurements
from hooks.content.blocks import Content, Lit
from hooks.recipes.report_builder import Draft
from hooks.reports import compute
from hooks.values.value import Value
from tests.support.exported_arms import NODES, STUDY, make_arms


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    folder = make_arms(tmp_path_factory.mktemp("arms"), runs=8)
    draft = Draft(Measurements(Dataset.open(folder)), STUDY)
    compute("tr118")(draft)
    return draft.content()


def lines(found: Content, table: str) -> list[tuple[str, ...]]:
    return [
        tuple(cell.text if isinstance(cell, Lit | Value) else cell for cell in row) for row in found.tables[table].rows
    ]


def test_what_fails_the_gate_is_hollow_and_in_no_ranking(content: Content) -> None:
    gates = {row[:2]: row[-1] for row in lines(content, "accuracy")}
    failed = [arm for arm, verdict in gates.items() if verdict != "passes"]
    assert failed == [("ONNX Runtime", "static int8")]
    drawn = content.figures["trade"].spec["datasets"]["shown"]
    assert {(row["series"], row["label"]) for row in drawn if row["group"] == "fails"} == {*failed}
    assert content.figures["trade"].svg.count('fill="none"') or content.figures["trade"].svg.count('fill="transparent"')
    for name in ("best-prefill", "best-answer"):
        assert set(content.claims[name].values) == {" ".join(arm) for arm in gates if arm not in failed}


def test_every_outcome_has_its_rate_by_reason(content: Content) -> None:
    rates = lines(content, "rates")
    assert [row[:2] for row in rates] == [
        ("ok", "—"),
        ("unsupported", "device missing"),
        ("unsupported", "engine missing"),
    ]
    assert sum(int(row[2]) for row in rates) == 160
    assert sum(float(row[3].split("\u00a0")[0]) for row in rates) == pytest.approx(100, abs=0.2)


def test_each_step_of_making_a_graph_stands_apart(content: Content) -> None:
    assert {row[1] for row in lines(content, "steps")} == {"ONNX Runtime exported anew"}
    kept = {row[1:3]: row[3:] for row in lines(content, "kept_steps")}
    export, quantise, optimise, load, disk = kept["ONNX Runtime", "fp32"]
    assert (export, optimise) == ("12\u00a0s", "1\u00a0s")
    assert quantise.startswith("—")
    assert load.endswith("ms")
    assert disk.endswith("MiB")
    assert {row[-2:] for row in lines(content, "placement")} == {(str(NODES), "0")}


def test_a_crossover_is_told_between_two_sizes_or_not_at_all(content: Content) -> None:
    assert [row[0] for row in lines(content, "crossover")] == ["settled decode step", "prefill", "whole answer"]
    assert {row[1] for row in lines(content, "crossover")} == {"none: one side at every size"}
    for name in ("every-size-prefill", "every-size-decode", "every-size-answer"):
        assert content.claims[name].state == "holds"


def test_a_crossover_lies_between_the_sizes_where_the_ratio_passes_one(tmp_path: Path) -> None:
    folder = make_arms(tmp_path, runs=8, slow=("gpt2-0.1m", "gpt2-5m"))
    draft = Draft(Measurements(Dataset.open(folder)), STUDY)
    compute("tr118")(draft)
    found: Any = draft.content()
    assert {row[1:] for row in lines(found, "crossover")} == {("5,036,720", "25,016,064")}
    assert found.claims["every-size-answer"].state == "does not hold"


def test_a_graph_that_is_exported_anew_pays_after_a_number_of_answers_with_its_interval(content: Content) -> None:
    paid = {row[0]: row[1:] for row in lines(content, "paid_anew")}
    assert set(paid) == {"gpt2-0.1m", "gpt2-5m", "gpt2-25m"}
    for cost, answers, *ends in paid.values():
        assert cost == "13\u00a0s"
        assert float(answers.replace(",", "")) > 10
        assert ends == ["the lower end of the interval", "the upper end of the interval"]
