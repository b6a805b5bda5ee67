"""Levels keep their type and their difference in the columns that hold them."""

from __future__ import annotations

import dataclasses

import pyarrow as pa
import pytest

from harness.datasets.declared import declared_matrix
from harness.datasets.schema import original_level, runs_schema, stored_level
from harness.design import Factor, Value
from tests.support.datasets import synthetic_study

FACTORS = (
    (Factor("f", (1, 2)), pa.int64()),
    (Factor("f", (1, 2.5)), pa.float64()),
    (Factor("f", (True, False)), pa.bool_()),
    (Factor("f", ("a", "1")), pa.string()),
    (Factor("f", (1, "1", "all", True, 1.0)), pa.string()),
    (Factor("f", (True, 1)), pa.string()),
)


@pytest.mark.parametrize(("factor", "kind"), FACTORS)
def test_a_level_reads_back_as_itself(factor: Factor, kind: pa.DataType) -> None:
    column = pa.array([stored_level(factor, level) for level in factor.levels], type=kind)
    assert runs_schema([factor]).field("level.f").type == kind
    back = [original_level(factor, stored) for stored in column.to_pylist()]
    assert back == list(factor.levels)
    assert len({(type(level), level) for level in column.to_pylist()}) == len(factor.levels)


@pytest.mark.parametrize("level", [1, "1", True, 1.0])
def test_levels_of_several_types_stay_distinct(level: Value) -> None:
    factor = Factor("f", (1, "1", True, 1.0, "all"))
    back = original_level(factor, stored_level(factor, level))
    assert (type(back), back) == (type(level), level)


def test_a_stored_design_declares_the_cells_of_its_study() -> None:
    study = synthetic_study()
    declared = declared_matrix(study.canonical())
    assert declared.cells() == study.matrix("quick").cells()


def test_a_stored_design_keeps_its_exclusions() -> None:
    study = dataclasses.replace(synthetic_study(), exclusions=((("threads", 2), ("num_gpu", 80)),))
    assert len(declared_matrix(study.canonical()).cells()) == 6
    assert declared_matrix(study.canonical()).cells() == study.matrix("quick").cells()
