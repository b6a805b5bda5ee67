"""TR121 on a synthetic recording whose law is known: what its tables and claims say of it."""

from __future__ import annotations

from itertools import product

import pytest

from harness.datasets.read import Dataset
from harness.models import GPT2_SHAPES
from hooks.analysis.measurements import Measurements
from hooks.claims.evaluate import State
from hooks.content.blocks import Content, Lit
from hooks.recipes.report_builder import Draft
from hooks.reports import compute
from hooks.values.value import Value
from tests.support.model_sizes import make_sizes, sizes_study

ENGINES = ("PyTorch", "ONNX Runtime", "llama.cpp")


@pytest.fixture(scope="module")
def tr121(tmp_path_factory: pytest.TempPathFactory) -> Content:
    folder = make_sizes(tmp_path_factory.mktemp("sizes"), runs=8)
    draft = Draft(Measurements(Dataset.open(folder)), sizes_study())
    compute("tr121")(draft)
    return draft.content()


def rows(found: Content, table: str) -> list[list[str]]:
    return [[cell.text if isinstance(cell, Lit | Value) else cell for cell in row] for row in found.tables[table].rows]


def percent(cell: str) -> float:
    return float(cell.split()[0])


def test_every_phase_has_its_laws_and_what_a_new_size_would_take(tr121: Content) -> None:
    laws = {(row[0], row[1]): row[2:] for row in rows(tr121, "laws")}
    assert set(laws) == set(product(("decode step", "prefill", "whole answer"), ENGINES))
    for power, _, explained, expected, *errors in laws.values():
        assert "—" not in (power, explained, expected, *errors)
    for engine in ENGINES:
        *_, power, _, layers = laws["decode step", engine]
        assert percent(layers) < percent(power), "a step is made of layers and parameters"


def test_depth_and_width_are_told_apart(tr121: Content) -> None:
    found = {name for name in tr121.claims if name.startswith("depth-")}
    assert found == {"depth-pytorch", "depth-onnxruntime", "depth-llama-cpp"}


def test_each_size_has_its_share_of_the_bandwidth_and_its_workers(tr121: Content) -> None:
    roofline = rows(tr121, "roofline")
    assert {row[0] for row in roofline} == set(GPT2_SHAPES)
    assert all(percent(row[-1]) > 0 for row in roofline)
    headers = [column.header for column in tr121.tables["sizes"].columns]
    place = headers.index("workers for the month")
    assert all(float(row[place].replace(",", "")) > 0 for row in rows(tr121, "sizes") if row[0] in GPT2_SHAPES)
    drawn = {row["series"] for row in tr121.figures["decode"].spec["datasets"]["shown"]}
    assert drawn == {*ENGINES, "memory limit"}


def test_growth_is_claimed_for_the_phases_alone(tr121: Content) -> None:
    growth = {name: claim.state for name, claim in tr121.claims.items() if name.startswith("growth-")}
    assert len(growth) == 2 * len(ENGINES)
    assert State.HOLDS in growth.values()
