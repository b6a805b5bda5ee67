"""What a run has shown is kept, ordered and judged."""

from __future__ import annotations

from harness.events import Phase, Request, Task
from harness.outcomes import OK, Code, Outcome, Status, failed, unsupported
from harness.worker.observed import Observed, overall

BAD = failed(Code.GAP_TIMEOUT, "silent for 10 s")

LACKING = unsupported(Code.AGENT_MISSING, "the agent in Rust is not built")


def test_one_outcome_of_many() -> None:
    assert overall("requests", [OK, OK]) == OK
    assert overall("requests", []) == OK
    some = overall("requests", [OK, BAD])
    assert (some.status, some.code) == (Status.DEGRADED, Code.REQUESTS_FAILED)
    assert some.detail == "1 of 2 requests failed; first: gap_timeout: silent for 10 s"
    assert overall("requests", [BAD, BAD]).status is Status.FAILED
    assert overall("tasks", [LACKING, LACKING]) == LACKING
    assert overall("tasks", [LACKING, BAD]).status is Status.FAILED
    assert overall("tasks", [OK, LACKING]).status is Status.DEGRADED


def observed(requests: Outcome, *tasks: Outcome) -> Observed:
    found = Observed(1_000)
    found.saw(Request(0, Phase.MEASURED, "p", requests, planned_ns=1_500), "b")
    found.tasks += [Task(index, "a", "python", outcome) for index, outcome in enumerate(tasks)]
    return found


def test_times_count_from_the_start_of_the_run() -> None:
    (request,) = observed(OK).requests
    assert (request.planned_ns, request.server) == (500, "b")


def test_a_run_of_agents_is_as_good_as_its_tasks_and_then_its_requests() -> None:
    assert observed(OK, OK).outcome() == OK
    assert "1 of 2 tasks" in observed(OK, OK, BAD).outcome().detail
    assert "1 of 1 requests" in observed(BAD, OK).outcome().detail


def test_tasks_are_in_order_whichever_ended_first() -> None:
    found = observed(OK, OK, OK)
    found.tasks.reverse()
    assert [task.index for task in found.ordered_tasks()] == [0, 1]


def test_requests_of_agents_are_numbered_by_task_and_turn() -> None:
    found = observed(OK, OK)
    found.requests = [
        Request(0, Phase.COLD, str(place), task=task, turn=turn)
        for place, (task, turn) in enumerate([(1, 0), (0, 0), (1, 1), (0, 1)])
    ]
    ordered = found.ordered_requests()
    assert [(request.index, request.task, request.turn) for request in ordered] == [
        (0, 0, 0), (1, 0, 1), (2, 1, 0), (3, 1, 1)
    ]  # fmt: skip


def test_plain_requests_keep_their_numbers() -> None:
    found = Observed(0)
    found.requests = [Request(index, Phase.COLD, "p") for index in (4, 0, 2)]
    assert [request.index for request in found.ordered_requests()] == [0, 2, 4]
