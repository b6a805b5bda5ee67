"""Which calls of a run lie on which lane of its timeline."""

from __future__ import annotations

from typing import Any

from hooks.analysis.moments import LANES, LaneCall, _calls_of_streams


def row(request: int, stream: int, planned: int, end: int = 5, **fields: Any) -> dict[str, Any]:
    return {
        "request_index": request,
        "stream": stream,
        "planned_ns": planned,
        "end_ns": end,
        "phase": "measured",
        "task": None,
        **fields,
    }


def test_each_stream_has_a_lane_and_its_requests_in_their_order() -> None:
    rows = [row(3, 1, 30), row(1, 1, 10), row(2, 0, 20), row(0, 0, 0), row(9, 0, 40, phase="cold")]
    assert list(_calls_of_streams(rows, 8)) == [
        LaneCall("stream 1", 0),
        LaneCall("stream 1", 2),
        LaneCall("stream 2", 1),
        LaneCall("stream 2", 3),
    ]


def test_requests_that_overlap_have_a_lane_each() -> None:
    rows = [row(k, 0, 10 * k, end=25) for k in range(3)]
    assert [call.lane for call in _calls_of_streams(rows, 8)] == ["request 1", "request 2", "request 3"]


def test_no_more_is_shown_than_can_be_told_apart() -> None:
    rows = [row(k, k % 40, 10 * k) for k in range(200)]
    calls = list(_calls_of_streams(rows, 32))
    assert len({call.lane for call in calls}) == LANES
    assert len(calls) == 32
    assert len(list(_calls_of_streams([row(k, 0, k, end=500) for k in range(90)], 32))) == LANES


def test_a_run_without_measured_requests_has_no_lane() -> None:
    assert list(_calls_of_streams([], 8)) == []
    assert list(_calls_of_streams([row(0, 0, 0, task=4)], 8)) == []
