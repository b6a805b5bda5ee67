"""Errors of the instrument, computed by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import cast

import pyarrow as pa
import pytest

from harness.calibration.errors import CellError, Spread, Sustained, cell_errors, envelope, sustained
from harness.calibration.report import rows, verdict
from harness.datasets.read import Dataset
from tests.support.tables import requests_table, runs_table

MS = 1_000_000


def dataset(requests: Sequence[Mapping[str, object]], streams: int = 1, **facts: float) -> Dataset:
    """One run at TTFT 10 ms, ITL 5 ms."""
    runs: pa.Table = runs_table([{"facts": json.dumps(facts)}], ttft_ms=[10], itl_ms=[5], streams=[streams])
    return cast("Dataset", SimpleNamespace(runs=runs, requests=requests_table(requests)))


def request(
    seen_ms: Sequence[float], wrote_ms: Sequence[float], server_saw_ms: float = 1.0, **more: object
) -> dict[str, object]:
    truth = {
        "seen_ns": int(server_saw_ms * MS),
        "due_ns": int((server_saw_ms + 10) * MS),
        "writes_ns": " ".join(str(int(w * MS)) for w in wrote_ms),
    }
    return {"arrivals_ns": [int(s * MS) for s in seen_ms], "effective": json.dumps(truth)} | more


def only(found: Dataset) -> CellError:
    (cell,) = cell_errors(found)
    return cell


def test_a_hand_computed_stream() -> None:
    cell = only(
        dataset([request([12.5, 17.0, 22.5], [12.0, 16.5, 21.5])], client_cpu_ns=30, drive_ns=120, loop_lag_p99_ns=2e6)
    )
    assert cell.ttft.bias == pytest.approx(1.5)  # seen 12.5; the server wrote 12.0, 11.0 after it saw the request
    assert cell.arrival.bias == pytest.approx((0.5 + 0.5 + 1.0) / 3)
    assert cell.itl is not None
    assert cell.itl.bias == pytest.approx(0.25)  # gaps 4.5, 5.5 seen; 4.5, 5.0 true
    assert cell.itl.max == pytest.approx(0.5)
    assert cell.rate is not None
    assert cell.rate.bias == pytest.approx(100 * (9.5 / 10.0 - 1))
    assert cell.chunks_per_s == pytest.approx(2 / 9.5e-3)
    assert cell.client_cpu == 0.25
    assert cell.lag_ms == 2.0
    assert cell.pace_ms == pytest.approx(1.0, abs=0.02)  # late by 1.0, 0.5, 0.5


def test_late_sending_counts_against_the_client() -> None:
    late = only(dataset([request([19.0], [18.0], server_saw_ms=8.0)]))
    assert late.ttft.bias == pytest.approx(9.0)
    assert late.arrival.bias == pytest.approx(1.0)


def test_several_tokens_in_one_chunk_arrive_together() -> None:
    cell = only(dataset([request([12.0, 17.0], [11.0, 16.0, 16.5], tokens=[1, 2])]))
    assert cell.arrival.n == 3
    assert cell.arrival.bias == pytest.approx((1.0 + 1.0 + 0.5) / 3)


@pytest.mark.parametrize(
    "more",
    [{"phase": "cold"}, {"outcome": "failed"}, {"effective": "{}"}, {"arrivals_ns": [12 * MS], "tokens": [1]}],
)
def test_what_cannot_be_compared_is_left_out(more: Mapping[str, object]) -> None:
    good = request([12.5, 17.0], [12.0, 16.5])
    assert cell_errors(dataset([good | dict(more)])) == ()
    assert only(dataset([good, good | dict(more)])).arrival.n == 2


def test_one_token_has_no_gap_and_no_rate() -> None:
    cell = only(dataset([request([12.5], [12.0])]))
    assert cell.itl is None
    assert cell.rate is None
    assert envelope([cell], "x").points == ()


def test_a_stream_seen_in_one_piece_has_errors_but_no_rate() -> None:
    cell = only(dataset([request([30.0, 30.0, 30.0], [12.0, 17.0, 22.0])]))
    assert cell.rate is None
    assert cell.itl is not None
    assert cell.itl.mean == pytest.approx(5.0)


def test_no_p99_from_too_few_values() -> None:
    few = only(dataset([request([12.5], [12.0])] * 298))
    enough = only(dataset([request([12.5], [12.0])] * 299))
    assert few.ttft.p99 is None
    assert enough.ttft.p99 == pytest.approx(1.5)


def cell(streams: int, itl_ms: float, p99: float | None, rate: float, ttft_ms: float = 10) -> CellError:
    spread = Spread(400, 0.1, 0.2, 0.1, p99, 3.0)
    return CellError(ttft_ms, itl_ms, streams, 3, spread, spread, spread, spread, 0.1, rate, 0.2, 1.0)


def test_sustained_is_the_fastest_load_within_the_limit() -> None:
    slow, fast, faster, unknown = (
        cell(8, 5, 0.5, 1600),
        cell(64, 5, 0.9, 12800),
        cell(64, 1, 1.1, 64000),
        cell(64, 2, None, 32000),
    )
    assert sustained([slow, fast, faster, unknown]) == Sustained(64, 5, 12800, 0.9, 3)
    assert "12,800 chunks/s" in verdict([slow, fast])
    assert sustained([faster]) is None
    assert verdict([faster]).startswith("At no load")


def test_a_load_is_sustained_where_it_is_at_every_time_to_first_token() -> None:
    loads = [
        cell(40, 5, 0.8, 8000),
        cell(40, 5, 0.9, 7990, 1000),
        cell(64, 5, 0.9, 12800),
        cell(64, 5, 2.16, 12790, 1000),
    ]
    assert sustained(loads) == Sustained(40, 5, 8000, 0.9, 6)
    assert sustained([*loads, cell(40, 5, None, 8000, 100)]) is None


def test_the_envelope_leaves_out_loads_that_were_not_reached() -> None:
    reached, missed = cell(8, 5, 0.5, 1600), cell(64, 1, 0.5, 30000)
    assert [p.streams for p in envelope([reached, missed], "x").points] == [8]
    assert [row["kept_pace"] for row in rows([reached, missed])] == [True, False]
    assert json.loads(json.dumps(rows([reached])))[0]["itl"]["p99"] == 0.5
