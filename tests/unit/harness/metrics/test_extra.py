"""Times that an engine tells of its requests are read as they are written."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest

from harness.metrics.extra import Extra


@pytest.mark.parametrize(
    "texts",
    [
        [],
        ["1 2 3"],
        ["1 2", "3", "4 5 6"],
        ["", "1"],
        ["1  2", " 3 "],
        ["1.5 2", "7"],
        ["1" * 25, "-4 5"],
        [f"{2**53 + 1} 9007199254740995"],
    ],
)
def test_times_are_those_of_each_text_alone(texts: list[str]) -> None:
    told = Extra(pa.array([json.dumps({"at": text}) for text in texts], pa.string())).times("at")
    expected = [np.array(text.split(), np.float64) for text in texts]
    assert [one is not None and one.tolist() for one in told] == [one.tolist() for one in expected]
    assert all(one is not None and one.dtype == np.float64 for one in told)


def test_a_request_that_tells_no_times_has_none() -> None:
    effective = pa.array([None, '{"at":"1 2"}', '{"at":3}', '{"before":"1"}'])
    told = [None if one is None else one.tolist() for one in Extra(effective).times("at")]
    assert told == [None, [1.0, 2.0], None, None]


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="one"):
        Extra(pa.array(['{"at":"1 one"}'])).times("at")
