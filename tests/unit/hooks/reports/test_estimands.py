"""What the published recordings say, number by number: each once stood on the site as another quantity."""

from __future__ import annotations

from functools import cache

import pytest

from harness.datasets.read import Dataset
from harness.studies import STUDIES
from hooks.analysis.measurements import Measurements
from hooks.content.blocks import Content, Lit
from hooks.recipes.report_builder import Draft
from hooks.reports import compute
from hooks.values.value import Value
from hooks.verify.reader.dataset import Sealed, sealed_datasets
from hooks.verify.reader.samples import Samples
from hooks.verify.recompute.questions import answer_of
from tests.support.projects import ROOT
from tests.support.questions import stated

COMPILED = "transformers-cpu-compile-fp32"


@cache
def content(study: str, version: str) -> Content:
    draft = Draft(Measurements(Dataset.open(ROOT / "data" / study / version)), STUDIES.load(study))
    compute(study)(draft)
    return draft.content()


@cache
def samples(study: str, version: str) -> Samples:
    folder = ROOT / "data" / study / version
    (sealed,) = (found for found in sealed_datasets(folder) if isinstance(found, Sealed))
    return Samples(sealed)


def published(value: Value, study: str, version: str) -> list[float]:
    """The number and its interval, where the referee finds the same."""
    assert value.question is not None
    found = answer_of(samples(study, version), stated(value.question))
    assert found.number == pytest.approx(value.number)
    assert value.number is not None
    assert (found.interval is None) == (value.interval is None)
    if value.interval is None or found.interval is None:
        return [value.number]
    ends = [value.interval.low, value.interval.high]
    assert [found.interval.low, found.interval.high] == pytest.approx(ends)
    return [value.number, *ends]


def rows(found: Content, table: str, names: int) -> dict[tuple[str, ...], tuple[str | Lit | Value, ...]]:
    """The rows of a table by the names that begin them."""

    def text(cell: str | Lit | Value) -> str:
        return cell if isinstance(cell, str) else cell.text

    return {tuple(map(text, row[:names])): row[names:] for row in found.tables[table].rows}


def test_two_streams_of_compiled_code_get_more_done_than_one() -> None:
    gain = content("tr117", "v2").findings[f"dual_dual-short_{COMPILED}"]
    assert published(gain, "tr117", "v2") == pytest.approx([1.67, 1.40, 2.97], abs=0.005)
