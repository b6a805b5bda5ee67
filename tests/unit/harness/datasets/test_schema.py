"""Levels keep their type and their difference in the columns that hold them."""

from __future__ import annotations

import dataclasses

import pyarrow as pa
import pytest

from harness.datasets.schema import SCHEMA_VERSION, stored_schema
from harness.datasets.stored_design import declared_matrix
from harness.design import Factor
from tests.support.datasets import synthetic_study

FACTORS = (
    (Factor("f", (1, 2)), pa.int64()),
    (Factor("f", (1, 2.5)), pa.float64()),
    (Factor("f", (True, False)), pa.bool_()),
    (Factor("f", ("a", "1")), pa.string()),
)


@pytest.mark.parametrize(("factor", "kind"), FACTORS)
def test_a_level_reads_back_as_itself(factor: Factor, kind: pa.DataType) -> None:
    assert stored_schema("runs", SCHEMA_VERSION, [factor]).field("level.f").type == kind
    assert pa.array(factor.levels, type=kind).to_pylist() == list(factor.levels)


def test_a_stored_design_declares_the_cells_of_its_study() -> None:
    study = synthetic_study()
    declared = declared_matrix(study.canonical())
    assert declared.cells() == study.matrix("quick").cells()


def test_a_stored_design_keeps_its_exclusions() -> None:
    study = dataclasses.replace(synthetic_study(), exclusions=((("threads", 2), ("num_gpu", 80)),))
    assert len(declared_matrix(study.canonical()).cells()) == 6
    assert declared_matrix(study.canonical()).cells() == study.matrix("quick").cells()
