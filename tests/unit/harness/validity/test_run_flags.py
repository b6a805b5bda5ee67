"""Each flag is raised by its fault and by nothing else, with numbers in its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from harness.events import Counters, Phase, Reading, Request
from harness.outcomes import Code, failed
from harness.protocols.envelope import Envelope, Point
from harness.validity import MEANINGS, Flag, run_flags
from harness.validity.run import median_gap_ns

MS = 1_000_000
CALM = {
    "before.clock_resolution_ns": 70,
    "loop_lag_p99_ns": 200_000,
    "after.foreign_cpu": 0.02,
    "after.steal": 0.0,
    "before.throttle_count": 5,
    "after.throttle_count": 5,
}


def request(index: int, gap_ms: float = 10.0, stream: int = 0, tokens: int = 8) -> Request:
    arrivals = tuple(int((20 + k * gap_ms) * MS) for k in range(tokens))
    return Request(index, Phase.MEASURED, "p", stream=stream, connect_ns=MS, arrivals_ns=arrivals, tokens=(1,) * tokens)


CALM_REQUESTS = [request(i) for i in range(5)]


def raised(requests: Sequence[Request] = CALM_REQUESTS, **facts: object) -> dict[str, str]:
    return run_flags(requests, CALM | facts)  # type: ignore[operator]


def test_a_calm_run_has_no_flag() -> None:
    assert raised() == {}


def test_every_flag_is_explained() -> None:
    assert set(MEANINGS) == set(Flag)


@pytest.mark.parametrize(
    ("fact", "value", "flag"),
    [
        ("before.clock_resolution_ns", 100_001, Flag.CLOCK_RESOLUTION),
        ("loop_lag_p99_ns", 500_001, Flag.LOOP_LAG),
        ("after.foreign_cpu", 0.11, Flag.FOREIGN_LOAD),
        ("after.steal", 0.06, Flag.FOREIGN_LOAD),
        ("after.throttle_count", 6, Flag.THROTTLING),
    ],
)
def test_just_beyond_the_limit(fact: str, value: float, flag: Flag) -> None:
    assert set(raised(**{fact: value})) == {flag.value}


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("before.clock_resolution_ns", 100_000),
        ("loop_lag_p99_ns", 500_000),
        ("after.foreign_cpu", 0.10),
        ("after.foreign_cpu", None),
        ("loop_lag_p99_ns", None),
        ("before.throttle_count", None),
    ],
)
def test_at_the_limit_or_unknown_raises_nothing(fact: str, value: float | None) -> None:
    assert raised(**{fact: value}) == {}


def test_a_fine_clock_is_not_blamed_for_tokens_that_arrive_at_once() -> None:
    """An agent that reads what a server wrote at once has gaps that are no time between tokens."""
    at_once = [replace(request(i, gap_ms=0.004), task=i) for i in range(5)]
    fine, just, coarse = (run_flags(at_once, {"before.clock_resolution_ns": step}) for step in (50, 1000, 1001))
    assert fine == just == {}
    assert set(coarse) == {"clock_resolution"}


def test_an_engine_in_this_process_needs_no_client() -> None:
    within = [replace(request(i, stream=i), connect_ns=None) for i in range(9)]
    late = CALM | {"loop_lag_p99_ns": 50 * MS}
    assert run_flags(within, late, envelope=ENVELOPE) == {}
    assert set(run_flags([request(i, stream=i) for i in range(9)], late, envelope=ENVELOPE)) == {
        "client_bound",
        "loop_lag",
    }


def test_evidence_has_the_numbers() -> None:
    assert raised(loop_lag_p99_ns=2_000_000)["loop_lag"] == "p99 loop lag 2.000 ms > 5% of the median gap 10.000 ms"


def test_foreign_load_says_which_processors_are_meant() -> None:
    assert raised(**{"after.foreign_cpu": 0.3})["foreign_load"] == "other programs took 0.30 processors, limit 0.1"
    pinned = raised(**{"after.foreign_cpu": 0.3, "after.elsewhere_cpu": 0.9})["foreign_load"]
    assert pinned == (
        "other programs took 0.30 processors of those that the run may use (0.90 were busy elsewhere), limit 0.1"
    )
    assert raised(**{"after.foreign_cpu": 0.0, "after.elsewhere_cpu": 0.9}) == {}


def test_idle_and_set_clocks_are_not_throttling() -> None:
    def reasons(bits: int) -> dict[str, str]:
        reading = Reading("nvml", "gpu0.throttle_reasons", "", 0, float(bits))
        return run_flags(CALM_REQUESTS, CALM, [reading])

    assert reasons(0x3) == {}
    assert reasons(0x43) == {"throttling": "device throttle reasons 0x40"}


def test_cache_hits_count_unless_caching_is_the_factor() -> None:
    hit = replace(request(9), counters=Counters(cache_n=12))
    assert raised([*CALM_REQUESTS, hit])["prompt_cache_hits"] == "1 of 6 requests reused up to 12 prompt tokens"
    assert run_flags([hit], CALM, caching=True) == {}
    assert raised([replace(hit, phase=Phase.WARMUP)]) == {}


def test_a_slow_first_request_means_that_warm_up_was_too_short() -> None:
    slow = [request(0, gap_ms=13), *(request(i) for i in range(1, 5))]
    assert set(raised(slow)) == {"warm_up_not_reached"}
    assert raised(slow[:2]) == {}
    assert raised([request(0, gap_ms=12.4), *slow[1:]]) == {}


def test_what_agents_stamped_says_nothing_of_our_client() -> None:
    late = {**CALM, "loop_lag_p99_ns": 1e9}
    assert set(run_flags(CALM_REQUESTS, late)) == {"loop_lag"}
    assert run_flags([replace(request, task=0) for request in CALM_REQUESTS], late) == {}


@pytest.mark.parametrize("others", [0, 4])
def test_an_engine_that_froze_in_a_stream_is_a_stall_with_its_length(others: int) -> None:
    calm = request(others)
    frozen = replace(calm, arrivals_ns=(*calm.arrivals_ns[:4], *(at + 8_000_000_000 for at in calm.arrivals_ns[4:])))
    found = raised([*CALM_REQUESTS[:others], frozen])
    assert f"request {others} stood still for 8.01 s, the median gap is 10.000 ms; 1 such gaps" == found["stall"]
    slow = request(0, gap_ms=1500.0)
    assert "stall" not in raised([slow])


def test_failed_requests_say_nothing() -> None:
    broken = replace(request(0, gap_ms=500), outcome=failed(Code.GAP_TIMEOUT))
    assert raised([broken, *CALM_REQUESTS]) == {}
    assert run_flags([], {}) == {}


def test_median_gap_needs_two_chunks() -> None:
    assert median_gap_ns([request(0, tokens=1)]) is None
    assert median_gap_ns(CALM_REQUESTS) == 10 * MS


GOOD = Point(streams=8, ttft_ms=10, itl_ms=5, ttft_bias_ms=0.2, itl_error_ms=0.05)
BAD = Point(streams=64, ttft_ms=10, itl_ms=1, ttft_bias_ms=3.0, itl_error_ms=0.1)
ENVELOPE = Envelope("abc", (GOOD, BAD))


@pytest.mark.parametrize(
    ("streams", "itl_ms", "bound"),
    [(1, 20.0, False), (8, 5.0, False), (8, 4.9, True), (9, 20.0, True), (64, 0.9, True), (65, 20.0, True)],
)
def test_a_load_is_covered_by_the_nearest_harder_point(streams: int, itl_ms: float, bound: bool) -> None:
    assert (ENVELOPE.judge(streams, itl_ms) is not None) == bound


def test_bias_limit_is_the_larger_of_one_millisecond_and_one_percent() -> None:
    assert replace(GOOD, ttft_bias_ms=1.0).bound is None
    assert replace(GOOD, ttft_bias_ms=-1.01).bound is not None
    assert replace(GOOD, ttft_ms=1000, ttft_bias_ms=9.9).bound is None
    assert replace(GOOD, itl_error_ms=1.01).bound is not None


def test_client_bound_is_judged_by_streams_and_gap() -> None:
    crowd = [request(i, stream=i) for i in range(9)]
    assert set(run_flags(crowd, CALM, envelope=ENVELOPE)) == {"client_bound"}
    assert run_flags(CALM_REQUESTS, CALM, envelope=ENVELOPE) == {}


def in_bursts(index: int, of: int) -> Request:
    arrivals = tuple(int((20 + k // of * 40 + k % of * 0.01) * MS) for k in range(16))
    return replace(request(index, tokens=16), arrivals_ns=arrivals)


@pytest.mark.parametrize("of", [3, 4, 16])
def test_bursts_are_raised_and_blame_neither_the_clock_nor_the_loop(of: int) -> None:
    requests = [in_bursts(i, of) for i in range(3)]
    assert set(raised(requests, loop_lag_p99_ns=5 * MS)) == {Flag.BURSTS}


def test_pairs_and_single_late_chunks_are_no_bursts() -> None:
    assert raised([in_bursts(i, 2) for i in range(3)]) == {}
    late = replace(request(0), arrivals_ns=tuple(int(t * MS) for t in (20, 30, 40, 50.1, 50.2, 60, 70, 80)))
    assert raised([late, *CALM_REQUESTS[1:]]) == {}


def test_a_request_that_loaded_the_model_is_raised() -> None:
    loads = (35.0, 40.0, 900.0, 38.0, 30.0)
    requests = [replace(r, effective={"load_ms": load}) for r, load in zip(CALM_REQUESTS, loads, strict=True)]
    assert "request 2 waited 900 ms" in raised(requests)[Flag.RELOAD]
    assert raised([replace(r, effective={"load_ms": 120.0}) for r in CALM_REQUESTS]) == {}
