"""Every record reads back from its bytes exactly as it was, whatever its text."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.datasets.manifest import Code, ModelEntry
from harness.events import Run
from harness.outcomes import OK
from harness.recorder.records import Header, Stratum, decode, encode
from tests.support.hostile import hostile, integers, mappings, numbers, runs, scalars

codes = st.builds(
    Code,
    revision=st.none() | st.from_regex("[0-9a-f]{40}", fullmatch=True),
    dirty=st.none() | st.booleans(),
    version=hostile,
)
levels = st.one_of(hostile, integers, numbers, st.booleans())
json_values: st.SearchStrategy[Any] = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(hostile, inner, max_size=3), max_leaves=6
)
models = st.builds(
    ModelEntry,
    name=hostile,
    family=hostile,
    source=hostile,
    architecture=hostile,
    layers=integers,
    parameters=integers,
    quantisation=hostile,
    sha256=st.none() | hostile,
)
headers = st.builds(
    Header,
    journal_id=hostile,
    study=hostile,
    title=hostile,
    fingerprint=hostile,
    design=st.dictionaries(hostile, json_values, max_size=3),
    profile=hostile,
    only=st.dictionaries(hostile, st.lists(levels, max_size=3), max_size=2),
    order_seed=integers,
    planned=st.lists(hostile, max_size=3).map(tuple),
    code=codes,
    environment=mappings,
    models=st.lists(models, max_size=2).map(tuple),
    calibration=st.none() | hostile,
    created=hostile,
)
strata = st.builds(Stratum, integers, mappings, codes, hostile)
thorough = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(st.one_of(runs, headers, strata))
@thorough
def test_a_record_round_trips(record: Run | Header | Stratum) -> None:
    back = decode(encode(record))
    assert back == record
    assert repr(back) == repr(record)


@given(st.text(st.characters(categories=["Cs", "L"]), min_size=1, max_size=10))
@thorough
def test_text_that_is_no_unicode_is_replaced_and_nothing_else(text: str) -> None:
    stored = decode(encode(dataclasses.replace(PLAIN, run_id=text)))
    assert isinstance(stored, Run)
    stored.run_id.encode()
    assert stored.run_id == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_json_lacks_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        encode(dataclasses.replace(PLAIN, facts={"x": number}))


PLAIN = Run("r", "c", 0, 0, 0, OK, 0, 0, {})
