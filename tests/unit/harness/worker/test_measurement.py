"""What a worker concludes from the requests of its run."""

from harness.events import Phase, Request, Started
from harness.outcomes import OK, Code, Outcome, Status, failed
from harness.worker.measurement import overall, with_agreed


def request(index: int, outcome: Outcome = OK, **effective: object) -> Request:
    return Request(index=index, phase=Phase.MEASURED, prompt_id="p", outcome=outcome, effective=effective)  # type: ignore[arg-type]


BAD = failed(Code.GAP_TIMEOUT, "silent for 10 s")


def test_a_run_is_as_good_as_its_requests() -> None:
    assert overall([request(0), request(1)]) == OK
    some = overall([request(0), request(1, BAD)])
    assert (some.status, some.code) == (Status.DEGRADED, Code.REQUESTS_FAILED)
    assert some.detail == "1 of 2 requests failed; first: gap_timeout: silent for 10 s"
    assert overall([request(0, BAD), request(1, BAD)]).status is Status.FAILED


def test_settings_that_all_requests_report_are_the_run_s() -> None:
    started = Started("engine", "1", 5, {"threads": 2})
    requests = [request(0, temperature=0.8, seed=1, threads=9), request(1, temperature=0.8, seed=2, threads=9)]
    assert with_agreed(started, requests).effective == {"threads": 2, "temperature": 0.8}
    assert with_agreed(started, []).effective == {"threads": 2}
    assert with_agreed(started, [request(0, BAD), request(1, temperature=0.2)]).effective["temperature"] == 0.2
