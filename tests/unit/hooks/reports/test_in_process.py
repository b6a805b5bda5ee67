"""The published recordings of TR117 and TR120: what their pages compute, and what must never be ranked."""

from __future__ import annotations

import pytest

from harness.datasets.read import Dataset
from harness.studies import STUDIES
from hooks.analysis.accuracy_gate import FAILS, PASSES
from hooks.analysis.measurements import Measurements
from hooks.content.blocks import Content, Lit
from hooks.recipes.report_builder import Draft
from hooks.reports import compute
from hooks.values.value import Value
from tests.support.projects import ROOT


def content(study: str) -> Content:
    draft = Draft(Measurements(Dataset.open(ROOT / "data" / study / "v1")), STUDIES.load(study))
    compute(study)(draft)
    return draft.content()


@pytest.fixture(scope="module")
def tr117() -> Content:
    return content("tr117")


def rows(found: Content, table: str) -> list[tuple[str, ...]]:
    return [
        tuple(cell.text if isinstance(cell, Lit | Value) else cell for cell in row) for row in found.tables[table].rows
    ]


def test_every_arm_ended_in_a_way_that_is_told(tr117: Content) -> None:
    ended = rows(tr117, "arms_outcomes")
    assert {row[2] for row in ended} <= {"ok", "unsupported", "degraded", "failed"}
    assert sum(int(row[-1]) for row in ended) == 231
    assert {row[3] for row in ended if row[0] in ("TensorRT", "Ollama")} == {"engine missing"}
    assert {row[3] for row in ended if row[0].endswith("on a GPU")} == {"device missing"}


def test_a_row_that_fails_the_gate_is_reported_and_never_ranked(tr117: Content) -> None:
    gates = {f"{row[0]} {row[1]}": row[-1] for row in rows(tr117, "accuracy")}
    assert gates["PyTorch fp32"] == PASSES
    assert FAILS in gates.values()
    ranked = [claim for name, claim in tr117.claims.items() if name.startswith("best-")]
    assert ranked
    for claim in ranked:
        assert set(claim.values) == {label for label, verdict in gates.items() if verdict == PASSES}


def test_two_streams_are_judged_by_what_gets_done(tr117: Content) -> None:
    dual = rows(tr117, "dual")
    assert len(dual) == 6
    for *_, gain, finding, _ in dual:
        assert 0.1 < float(gain.removesuffix("×")) < 3
        assert finding in ("effect", "equivalent", "none found", "unknown")


def test_the_tail_is_attributed_by_counters() -> None:
    found = content("tr120")
    tail = {row[:2]: row[2:] for row in rows(found, "tail")}
    assert tail["natural", "eager"][:2] == ("0", "0\u00a0%")
    assert tail["natural", "default"][:2] == ("1", "12.5\u00a0%")
    assert found.claims["mean-default-natural"].state == "does not hold"
    spent = {row[:2]: row[2:] for row in rows(found, "break_even")}
    assert spent["dynamic", "natural"][-1] == "no bound: it may never be paid"
