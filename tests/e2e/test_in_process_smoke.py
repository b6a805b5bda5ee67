"""TR117, TR118, TR120, TR121 and TR122 at their smallest, from their first run to the content of their pages."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from harness.datasets.read import Dataset
from harness.design import Study
from harness.execution.executor import execute
from harness.execution.recording_session import Session
from harness.recorder.seal import seal
from harness.studies import STUDIES
from hooks.analysis.measurements import Measurements
from hooks.content.blocks import Content, Lit
from hooks.recipes.report_builder import Draft
from hooks.reports import compute

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("one_processor")]


def recorded(declared: Study, folder: Path) -> Content:
    """The content of a page of the smoke profile, recorded as `harness run` does."""
    session = Session(declared, declared.profile("smoke"), {}, folder / "state")
    execute(session, lambda _: None)
    draft = Draft(Measurements(Dataset.open(seal(session.journal, folder / "data").path)), declared)
    compute(declared.id)(draft)
    return draft.content()


def smallest(declared: Study) -> Study:
    """A study that compiles, for one tiny model and prompts of one length, unscored: two graphs are compiled."""
    model, *others = declared.factors
    smoke = replace(declared.profile("smoke"), subset=declared.profile("smoke").subset[1:])
    workload = replace(declared.workload, prompts=declared.workload.prompts[:1], max_tokens=2)
    factors = (replace(model, levels=("gpt2-0.1m",)), *others)
    fixed = (*declared.fixed, ("accuracy", False))
    return replace(declared, factors=factors, profiles=(smoke,), workload=workload, fixed=fixed)


def rows(content: Content, table: str) -> list[tuple[str, ...]]:
    return [
        tuple(cell.text if isinstance(cell, Lit) else getattr(cell, "text", cell) for cell in row)
        for row in content.tables[table].rows
    ]


def number(cell: str) -> float:
    """The number that a cell shows before its unit."""
    return float(cell.partition("\u00a0")[0].replace(",", "").replace("−", "-"))


def test_tr117_tells_how_each_arm_ended_and_how_accurate_it_is(tmp_path: Path) -> None:
    content = recorded(STUDIES.load("tr117"), tmp_path)
    ended = {row[0]: row[2:] for row in rows(content, "arms_outcomes")}
    assert ended["PyTorch"] == ("ok", "—", "1")
    assert ended["llama.cpp"] == ("ok", "—", "1")
    assert ended["TensorRT"][0] == "unsupported"
    assert ended["PyTorch on a GPU"][0] in ("unsupported", "ok")
    accuracy = {row[0]: row[2:] for row in rows(content, "accuracy")}
    assert accuracy["PyTorch"][-1] == "passes"
    assert accuracy["llama.cpp"][-1] == "passes"
    assert 10 < float(accuracy["llama.cpp"][0]) < 100
    assert any(claim.startswith("best-generate-micro") for claim in content.claims)


def test_tr118_exports_anew_and_tells_each_step_and_each_way_to_end(tmp_path: Path) -> None:
    content = recorded(STUDIES.load("tr118"), tmp_path)
    assert [row[:2] for row in rows(content, "rates")][-1] == ("unsupported", "engine missing")
    ((model, arm, precision, export, *_),) = rows(content, "steps")
    assert (model, arm, precision) == ("gpt2-0.1m", "ONNX Runtime exported anew", "fp32")
    assert number(export) > 0.1
    ((*_, nodes, elsewhere),) = rows(content, "placement")
    assert int(nodes) > 10
    assert elsewhere == "0"
    ((_, cost, *_),) = rows(content, "paid_anew")
    assert number(cost) > 0.1


def test_tr120_compiles_where_its_label_says_so_and_nowhere_else(tmp_path: Path) -> None:
    content = recorded(smallest(STUDIES.load("tr120")), tmp_path)
    spent = {row[1]: row[2] for row in rows(content, "evidence")}
    assert spent["eager"] == "0\u00a0s"
    assert number(spent["default"]) > 1
    assert {row[1] for row in rows(content, "tail")} == {"eager", "default"}


def test_tr121_puts_three_engines_on_one_axis(tmp_path: Path) -> None:
    content = recorded(STUDIES.load("tr121"), tmp_path)
    found = {(row[0], row[1]): row for row in rows(content, "roofline")}
    assert set(found) == set(product(("gpt2-0.1m", "gpt2-5m"), ("PyTorch", "ONNX Runtime", "llama.cpp")))
    assert len({row[2] for row in found.values() if row[0] == "gpt2-5m"}) == 1
    for row in found.values():
        assert number(row[4]) > 0
    data = Dataset.open(tmp_path / "data" / "tr121" / "v1")
    assert set(data.table("requests", ("engine_prompt_n",))["engine_prompt_n"].to_pylist()) == {122}
    drawn = [row["series"] for row in content.figures["decode"].spec["datasets"]["shown"]]
    assert sorted(set(drawn)) == ["ONNX Runtime", "PyTorch", "llama.cpp", "memory limit"]
    assert not content.claims, "two shapes have no law"


def test_tr122_tells_caches_layers_and_the_end_of_a_context(tmp_path: Path) -> None:
    content = recorded(STUDIES.load("tr122"), tmp_path)
    laws = {row[2]: float(row[5].removesuffix("×")) for row in rows(content, "law")}
    assert set(laws) == {"the base", "an 8-bit key-value cache"}
    assert all(0.98 < ratio < 1.02 for ratio in laws.values())
    memory = {row[2]: row for row in rows(content, "memory")}
    assert "—" not in memory["the base"]
    for table in ("layers_prefill", "layers_decode"):
        ((_, *parts, beside, _),) = rows(content, table)
        assert all(number(part) > 0 for part in parts)
        assert abs(number(beside)) < 20, "5 % is the goal of a machine that does nothing else"
    assert rows(content, "ends") == [("a long prompt", "0", "0", "0", "3")]
    assert {row[0]: row[-1] for row in rows(content, "accuracy")} == {
        "the base": "passes",
        "an 8-bit key-value cache": "passes",
    }
