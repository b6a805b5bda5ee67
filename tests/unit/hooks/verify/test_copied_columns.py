"""A column of a copy in CSV is compared with that of the sealed file, also where the sealed one has no values."""

from __future__ import annotations

import pyarrow as pa
import pytest

from hooks.verify.checks.downloads import _equal

KINDS = [pa.float64(), pa.int64(), pa.string(), pa.list_(pa.int64()), pa.dictionary(pa.int32(), pa.string())]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_column_without_values_has_none_in_its_copy(kind: pa.DataType) -> None:
    original = pa.chunked_array([pa.array([None, None], kind)])
    assert _equal(original, pa.chunked_array([["", ""]]))
    assert not _equal(original, pa.chunked_array([["", "1"]]))


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_column_without_rows_equals_its_copy(kind: pa.DataType) -> None:
    assert _equal(pa.chunked_array([pa.array([], kind)]), pa.chunked_array([pa.array([], pa.string())]))


def test_a_column_with_some_values_is_compared_by_value() -> None:
    original = pa.chunked_array([pa.array([1.5, None], pa.float64())])
    assert _equal(original, pa.chunked_array([["1.5", ""]]))
    assert not _equal(original, pa.chunked_array([["1.5", "0"]]))
