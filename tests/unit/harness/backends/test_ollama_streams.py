"""What two real Ollama versions sent, read as a measured request is: stamps are the server's own."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from harness.backends.ollama_server.checks import checked
from harness.backends.ollama_wire import DIALECT
from harness.client.decode import decode_now
from harness.client.exchange import Exchange
from harness.client.measured_request import as_request
from harness.events import Phase, Request
from harness.outcomes import OK, Code, Status
from harness.protocols import Call

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "ollama"
CALL = Call(0, Phase.MEASURED, "p", "Hello", 16, seed=7)


def at_ns(record: dict[str, object]) -> int:
    whole, fraction = re.fullmatch(r"(.*?)(?:\.(\d+))?Z", str(record["created_at"])).groups()  # type: ignore[union-attr]
    return int(datetime.fromisoformat(f"{whole}+00:00").timestamp()) * 10**9 + int((fraction or "0").ljust(9, "0"))


def recorded(name: str) -> tuple[Exchange, dict[str, object]]:
    """The exchange of a recording, and its last record."""
    lines = (FIXTURES / name).read_bytes().splitlines(keepends=True)
    records = [json.loads(line) for line in lines]
    stamps = [at_ns(record) if "created_at" in record else 0 for record in records]
    stamps = [stamp or stamps[-2] for stamp in stamps]
    spent = int(records[-1].get("total_duration", 0)) or stamps[-1] - stamps[0]
    sent = stamps[-1] - spent
    exchange = Exchange(
        sent, stamps[-1], OK, 0, sent, stamps[0], 200, stamps, lines, content_type="application/x-ndjson"
    )
    return exchange, records[-1]


def read(name: str, warm_ms: float | None = None) -> tuple[Request, dict[str, object]]:
    exchange, last = recorded(name)
    return checked(as_request(CALL, exchange, decode_now(exchange, DIALECT)), warm_ms), last


GOOD = ["v0.12.11/smol-cold.ndjson", "v0.12.11/smol-repeat1.ndjson", "v0.32.15/cold.ndjson", "v0.32.15/warm.ndjson"]


@pytest.mark.parametrize("name", GOOD)
def test_a_plain_stream_is_good_with_the_servers_own_counts(name: str) -> None:
    request, last = read(name)
    assert request.outcome is OK
    assert sum(request.tokens) == last["eval_count"] == request.counters.predicted_n
    assert request.effective["prompt_tokens_total"] == last["prompt_eval_count"]
    assert (request.counters.prompt_n, request.counters.cache_n) == (None, None)


def test_a_repeated_prompt_does_not_pass_for_an_evaluated_one() -> None:
    """The count stays while the time falls from 226 to 104 ms: what was evaluated is not known."""
    (first, _), (again, _) = read("v0.32.15/cold.ndjson"), read("v0.32.15/repeat.ndjson")
    assert first.effective["prompt_tokens_total"] == again.effective["prompt_tokens_total"] == 25
    assert (first.counters.prompt_ms or 0) > 2 * (again.counters.prompt_ms or 0)
    assert first.counters.prompt_n is again.counters.prompt_n is None


@pytest.mark.parametrize("name", ["v0.32.15/smol-emoji.ndjson"])
def test_several_tokens_of_one_character_take_their_rate_from_the_count(name: str) -> None:
    request, last = read(name)
    assert (request.outcome.status, request.outcome.code) == (Status.DEGRADED, Code.TOKEN_COUNT)
    assert sum(request.tokens) == last["eval_count"] == 24
    assert len(request.tokens) == 9


@pytest.mark.parametrize(("name", "tokens"), [("v0.12.11/thinking.ndjson", 8), ("v0.32.15/thinking.ndjson", 7)])
def test_thinking_counts_and_an_answer_that_never_came_is_null(name: str, tokens: int) -> None:
    request, _ = read(name)
    assert (sum(request.tokens), request.effective["reasoning_tokens"]) == (tokens, tokens)
    assert request.effective["first_answer_ms"] is None


@pytest.mark.parametrize("name", ["a-pair", "a13", "b-alone", "cold", "warm"])
def test_a_last_token_without_a_record_degrades(name: str) -> None:
    request, last = read(f"v0.12.11/{name}.ndjson")
    assert request.outcome.code is Code.LOST_TOKEN
    assert sum(request.tokens) == int(str(last["eval_count"])) - 1


@pytest.mark.parametrize("name", ["b-pair", "repeat"])
def test_a_token_from_before_its_prompt_degrades(name: str) -> None:
    request, _ = read(f"v0.12.11/{name}.ndjson")
    assert request.outcome.code is Code.STRAY_TOKEN


def test_an_end_that_the_client_reads_late_leaves_no_stray_token() -> None:
    exchange, _ = recorded("v0.32.15/warm.ndjson")
    assert exchange.end_ns is not None
    late = replace(exchange, end_ns=exchange.end_ns + 10**9)
    assert checked(as_request(CALL, late, decode_now(late, DIALECT)), None).outcome is OK


def test_waiting_in_the_queue_is_told_from_everything_else() -> None:
    request, _ = read("v0.12.11/b-pair.ndjson")
    queue = request.effective["queue_ms"]
    assert isinstance(queue, float)
    assert queue == pytest.approx(727, abs=2)


def test_a_model_that_loads_inside_a_request_degrades() -> None:
    assert read("v0.32.15/cold.ndjson", warm_ms=2.0)[0].outcome.code is Code.RELOADED
    assert read("v0.32.15/warm.ndjson", warm_ms=2.0)[0].outcome is OK
    assert read("v0.12.11/smol-repeat1.ndjson", warm_ms=36.0)[0].outcome is OK


@pytest.mark.parametrize("version", ["v0.12.11", "v0.32.15"])
def test_a_silent_end_names_its_cause(version: str) -> None:
    request, _ = read(f"{version}/loop-silent-end.ndjson")
    assert request.outcome.code is Code.CLOSED_EARLY
    assert "' a' 30 times in a row" in request.outcome.detail


@pytest.mark.parametrize("version", ["v0.12.11", "v0.32.15"])
def test_an_error_inside_a_success_fails(version: str) -> None:
    request, _ = read(f"{version}/error-in-200.ndjson")
    assert request.outcome.code is Code.ERROR_IN_STREAM
    assert "unexpected EOF" in request.outcome.detail


def test_a_duration_below_zero_is_no_duration() -> None:
    request, _ = read("v0.12.11/one-token.ndjson")
    assert (request.outcome.status, request.outcome.code) == (Status.DEGRADED, Code.BAD_COUNTER)
    assert request.counters.predicted_ms is None
    assert request.effective["queue_ms"] is None


def test_a_last_record_that_the_body_ends_counts() -> None:
    exchange, _ = recorded("v0.32.15/cold.ndjson")
    cut = [*exchange.chunks[:-1], exchange.chunks[-1].rstrip(b"\n")]
    whole = Exchange(0, 1, OK, status=200, stamps=exchange.stamps, chunks=cut)
    assert decode_now(whole, DIALECT).outcome is OK
