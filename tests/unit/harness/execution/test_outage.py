"""Which runs are an outage, which a refusal, and how long a session waits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.design.settings import ServerSettings
from harness.errors import Unavailable
from harness.events import Phase, Request, Run
from harness.execution import outage
from harness.execution.outage import Patience, is_outage, is_refusal, is_retried
from harness.outcomes import OK, Code, Outcome, degraded, failed, unsupported

AWAY, REFUSED = failed(Code.CONNECT_REFUSED), failed(Code.HTTP_STATUS, "503")
SERVER = ServerSettings("", "openai_http", "m", {"base_url": "http://127.0.0.1:1"})


def run(outcome: Outcome, *requests: Outcome) -> Run:
    made = tuple(Request(i, Phase.MEASURED, "p", found) for i, found in enumerate(requests))
    return Run("r", "c", 0, 0, 0, outcome, 0, 0, {}, requests=made)


@pytest.mark.parametrize(
    ("one", "outage_", "refusal"),
    [
        (run(OK, OK), False, False),
        (run(failed(Code.REQUESTS_FAILED), AWAY, AWAY), True, False),
        (run(failed(Code.REQUESTS_FAILED), REFUSED, REFUSED), False, True),
        (run(failed(Code.REQUESTS_FAILED), REFUSED, AWAY), False, False),
        (run(degraded(Code.REQUESTS_FAILED), OK, AWAY), False, False),
        (run(failed(Code.ENGINE_REFUSED)), True, False),
        (run(unsupported(Code.ENGINE_MISSING)), True, False),
        (run(unsupported(Code.DEVICE_MISSING)), False, False),
        (run(failed(Code.RUN_TIMEOUT)), False, False),
    ],
)
def test_an_outage_measures_nothing_and_a_refusal_answers(one: Run, outage_: bool, refusal: bool) -> None:
    assert (is_outage(one), is_refusal(one)) == (outage_, refusal)


def test_failed_runs_and_what_was_missing_are_made_again_and_nothing_else() -> None:
    for missing in (Code.ENGINE_MISSING, Code.MODEL_MISSING, Code.AGENT_MISSING):
        assert is_retried(run(unsupported(missing)))
    assert is_retried(run(failed(Code.RUN_TIMEOUT)))
    for outcome in (OK, degraded(Code.TOKEN_COUNT), unsupported(Code.DEVICE_MISSING)):
        assert not is_retried(run(outcome))


def test_waiting_ends_when_the_server_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["away", "away", ""])
    monkeypatch.setattr(outage, "reachable", lambda *_: next(answers))
    slept: list[float] = []
    patience = Patience(10.0)
    patience.wait([SERVER], slept.append)
    assert slept == [0.5, 1.0]
    assert patience.left_s == 8.5


def test_all_waits_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outage, "reachable", lambda *_: "still away")
    slept: list[float] = []
    patience = Patience(60.0)
    with pytest.raises(Unavailable, match="still away"):
        patience.wait([SERVER], slept.append)
    assert sum(slept) <= 60.0
    assert max(slept) <= 15.0
    assert replace(patience, left_s=0.0).left_s == 0.0
