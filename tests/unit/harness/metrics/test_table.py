"""The table of metrics, evaluated values, and columns that are not what they should be."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from harness.errors import DatasetCorrupt, UnknownName
from harness.metrics import METRICS, metric, table
from harness.metrics.columns import batch_of
from harness.metrics.definition import PRESENT, REASONS, Evaluated, code_of, evaluated
from harness.metrics.definitions.ttft import TTFT
from harness.outcomes import Missing
from tests.support.tables import MS, requests_table


def test_every_metric_is_filed_under_its_own_id() -> None:
    assert all(key == found.id for key, found in METRICS.items())
    for found in METRICS.values():
        assert found.version >= 1
        assert found.formula
        assert found.applicability


def test_a_duplicate_id_is_refused() -> None:
    with pytest.raises(ValueError, match="'ttft' is defined twice"):
        table((TTFT, TTFT))


def test_an_unknown_metric_lists_the_known() -> None:
    with pytest.raises(UnknownName, match="decode_tps"):
        metric("speed")


def test_reason_codes_name_every_reason_once() -> None:
    assert REASONS[PRESENT] is None
    assert set(REASONS[1:]) == set(Missing)
    assert all(REASONS[code_of(reason)] is reason for reason in Missing)


def test_the_first_rule_that_holds_gives_the_reason() -> None:
    both = np.array([True, False]), Missing.NO_TOKENS
    later = np.array([True, True]), Missing.ONE_TOKEN
    found = evaluated(np.array([1.0, 2.0]), both, later)
    assert [REASONS[code] for code in found.reason] == [Missing.NO_TOKENS, Missing.ONE_TOKEN]
    assert np.isnan(found.values).all()
    assert found.present.tolist() == []


@pytest.mark.parametrize(
    ("values", "reason"),
    [([np.nan], [PRESENT]), ([1.0], [code_of(Missing.NO_TOKENS)]), ([np.inf], [PRESENT]), ([1.0, 2.0], [PRESENT])],
)
def test_a_value_is_finite_exactly_where_it_has_no_reason(values: list[float], reason: list[int]) -> None:
    with pytest.raises(ValueError, match="value"):
        Evaluated(np.array(values), np.array(reason, np.int8))


def test_batches_share_memory_with_the_table() -> None:
    requests = requests_table([{"arrivals_ns": [1, 2, 3]}, {"arrivals_ns": [4]}])
    batch = batch_of(requests)
    assert np.shares_memory(batch.arrivals_ns, requests["arrivals_ns"].chunk(0).flatten().to_numpy())


def test_a_slice_and_several_chunks_are_read_like_the_whole() -> None:
    rows = [{"arrivals_ns": [MS * i, MS * (i + 1)], "tokens": [1, 2]} for i in range(5)]
    whole = requests_table(rows)
    assert batch_of(whole.slice(2, 2)).first_ns.tolist() == [2 * MS, 3 * MS]
    pieces = pa.concat_tables([whole.slice(0, 2), whole.slice(2)])
    assert batch_of(pieces).last_ns.tolist() == batch_of(whole).last_ns.tolist()
    assert batch_of(pieces).token_n.tolist() == [3] * 5


def test_no_request_and_no_chunk_list_are_read() -> None:
    assert len(batch_of(requests_table([]))) == 0
    assert len(batch_of(pa.table(requests_table([]).columns, schema=requests_table([]).schema))) == 0
    found = batch_of(requests_table([{"arrivals_ns": None, "tokens": None}, {"arrivals_ns": [MS]}]))
    assert found.token_n.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"arrivals_ns": [1, 2], "tokens": [1]}, "as many arrival times"),
        ({"arrivals_ns": [1, None], "tokens": [1, 1]}, "no arrival time"),
        ({"arrivals_ns": [1, 2], "tokens": [1, -1]}, "negative"),
    ],
)
def test_inconsistent_chunks_are_corruption(row: dict[str, object], message: str) -> None:
    with pytest.raises(DatasetCorrupt, match=message):
        batch_of(requests_table([row]))


WORDS_OF_THE_FIELD = (
    *("ttft", "ttft_from_send", "itl", "tpot", "e2e_latency", "decode_tps", "output_tokens"),
    *("request_throughput", "output_token_throughput", "goodput", "failed_share"),
)


@pytest.mark.parametrize("name", WORDS_OF_THE_FIELD)
def test_a_word_of_the_field_says_what_every_tool_means_by_it(name: str) -> None:
    assert [tool for tool, _ in METRICS[name].in_other_tools] == ["vLLM", "guidellm", "AIPerf", "MLPerf"]
