"""The search for saturation stops for a reason that it gives."""

from __future__ import annotations

import random

import pytest

from harness.bench.measure import step_of
from harness.bench.sweep import Step, sweep
from harness.errors import RunsFailed
from harness.events import Phase, Request, Run
from harness.outcomes import OK, Code, failed


def server(capacity: int, rate: float = 10.0, refuses_above: int = 10**6) -> object:
    """A server with ``capacity`` slots: throughput grows up to it, and requests beyond ``refuses_above`` fail."""

    def attempt(streams: int) -> Step:
        return Step(streams, rate * min(streams, capacity), 0.5 if streams > refuses_above else 0.0)

    return attempt


def test_it_doubles_until_throughput_no_longer_grows() -> None:
    found = sweep(server(4), 0.05)  # type: ignore[arg-type]
    assert found.levels == (1, 2, 4, 8)
    assert "8 at once" in found.why
    assert "saturated" in found.why


def test_it_stops_where_requests_fail() -> None:
    found = sweep(server(64, refuses_above=2), 0.05)  # type: ignore[arg-type]
    assert found.levels == (1, 2, 4)
    assert "50% of the requests failed at 4 at once" in found.why


def test_it_stops_at_the_most_that_is_tried() -> None:
    found = sweep(server(10**6), 0.05, most=16)  # type: ignore[arg-type]
    assert found.levels == (1, 2, 4, 8, 16)
    assert "most that is tried" in found.why


def test_a_server_of_one_slot_is_saturated_by_two() -> None:
    assert sweep(server(1), 0.05).levels == (1, 2)  # type: ignore[arg-type]


def test_a_server_that_answers_nothing_ends_the_search_at_once() -> None:
    found = sweep(lambda streams: Step(streams, 0.0, 1.0), 0.05)
    assert found.levels == (1,)


@pytest.mark.parametrize("seed", range(20))
def test_a_machine_that_takes_up_to_a_third_away_hides_no_saturation(seed: int) -> None:
    """Noise makes a load slower, never faster than the server is."""
    noise = random.Random(seed)
    tried: list[int] = []

    def attempt(streams: int) -> Step:
        tried.append(streams)
        return Step(streams, 10.0 * min(streams, 4) * noise.uniform(0.67, 1.0), 0.0)

    assert sweep(attempt, 0.05).levels[-1] in (4, 8, 16)
    assert len(tried) <= 13


def test_what_fails_at_the_second_try_counts() -> None:
    tries: list[int] = []

    def attempt(streams: int) -> Step:
        tries.append(streams)
        return Step(streams, 10.0, 1.0 if tries.count(2) == 2 and streams == 2 else 0.0)

    assert sweep(attempt, 0.05).why == "100% of the requests failed at 2 at once"


def test_a_server_that_answers_nothing_and_fails_nothing_ends_the_search() -> None:
    assert "no token" in sweep(lambda streams: Step(streams, 0.0, 0.0), 0.05).why


def request(phase: Phase, planned_s: float, *arrivals_s: float, good: bool = True) -> Request:
    """Times of arrival are offsets from the planned start, and that one from the start of the run."""
    at = tuple(round(second * 1e9) for second in arrivals_s)
    return Request(
        0,
        phase,
        "p",
        OK if good else failed(Code.HTTP_STATUS),
        planned_ns=round(planned_s * 1e9),
        end_ns=at[-1] if at else 0,
        arrivals_ns=at,
        tokens=(1,) * len(at),
    )


def run_of(*requests: Request) -> Run:
    return Run("r", "c", 0, 0, 0, OK, 0, 0, {}, requests=requests)


def test_throughput_is_of_everything_that_came_while_any_stream_was_measured() -> None:
    found = step_of(
        run_of(
            request(Phase.COLD, 1.0, 0.5, 0.9),
            request(Phase.MEASURED, 2.0, 0.5, 1.0),
            request(Phase.COLD, 1.0, 1.5, 2.0),
            request(Phase.MEASURED, 3.0, 0.5, 1.0),
        ),
        2,
    )
    assert found == Step(2, 6 / 2.0, 0.0), "two of the cold tokens came before the first measured start"


def test_failures_count_among_measured_requests_and_bring_no_tokens() -> None:
    found = step_of(run_of(request(Phase.MEASURED, 1.0, 1.0), request(Phase.MEASURED, 1.0, 0.5, good=False)), 2)
    assert found == Step(2, 1.0, 0.5)


def test_a_run_without_a_measured_request_is_an_error() -> None:
    with pytest.raises(RunsFailed):
        step_of(run_of(request(Phase.COLD, 1.0, 1.0)), 1)
