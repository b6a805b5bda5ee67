"""The first requests of a bench: a server that refuses now and then is met, one without tokens is not measured."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from harness.bench.destination import read_destination
from harness.bench.first_contact import contact
from harness.errors import Unavailable
from tests.support.dialect_server import (
    DialectServer,
    Manner,
    Script,
    case,
    closing,
    delta,
    event,
    healthy,
    paced,
    whole,
)
from tests.support.stream_server import served


def met(script: Script, manner: Manner | None = None) -> list[str]:
    with served(DialectServer(script, manner)) as url:
        return list(contact(read_destination(url)).lines())


def refused(script: Script, manner: Manner | None = None) -> str:
    with pytest.raises(Unavailable) as caught:
        met(script, manner)
    said = str(caught.value)
    assert said.endswith("; nothing was recorded")
    assert "\n" not in said
    return said


def test_a_server_that_refuses_every_second_request_is_met() -> None:
    assert "answers" in met(*case("half-of-requests-refused"))[0]


@pytest.mark.parametrize("asked", ["nan", "-5", "soon", "0.1"])
def test_a_server_that_asks_to_wait_is_asked_again(asked: str) -> None:
    manner = Manner(every_second="429 Too Many Requests", headers=f"Retry-After: {asked}\r\n")
    assert "answers" in met(healthy(), manner)[0]


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_server_that_asks_to_wait_for_hours_is_left_at_once(form: str) -> None:
    in_hours = format_datetime(datetime.now(UTC) + timedelta(hours=3), usegmt=True)
    later = "99999" if form == "seconds" else in_hours

    class Busy(DialectServer):
        async def _answer(self, writer: asyncio.StreamWriter, path: str, asked: Mapping[str, Any]) -> None:
            writer.write(whole("", "429 Too Many Requests", headers=f"Retry-After: {later}\r\n"))

    with served(Busy(healthy())) as url, pytest.raises(Unavailable, match="asks to wait"):
        contact(read_destination(url))


NO_TOKENS: Sequence[Script] = [
    [event({"choices": [{"index": 0, "delta": {"role": "assistant"}}]}), *closing(None)],
    [event({"choices": [{"index": 0, "message": {"content": "all"}}]}), *closing(5)],
    ["data: [DONE]\n\n"],
]


@pytest.mark.parametrize("script", NO_TOKENS)
def test_a_stream_without_tokens_is_not_measured(script: Script) -> None:
    assert "no_tokens" in refused(script)


def test_a_model_that_spends_few_tokens_unseen_is_asked_for_more() -> None:
    class Thinks(DialectServer):
        async def _answer(self, writer: asyncio.StreamWriter, path: str, asked: Mapping[str, Any]) -> None:
            self.script = closing(16) if asked["max_tokens"] < 100 else [*paced([delta(" yes")]), *closing(90)]
            await super()._answer(writer, path, asked)

    with served(Thinks([])) as url:
        assert any("not sent" in line for line in contact(read_destination(url)).lines())


def test_the_same_refusal_of_both_endpoints_is_said_once() -> None:
    assert refused(["upstream timed out"], Manner(whole=True, type="text/plain")).count("upstream timed out") == 1


def test_what_to_do_is_said_in_the_words_of_the_command_line() -> None:
    assert "OPENAI_API_KEY" in refused(healthy(), Manner(key="sesame"))
    with pytest.raises(Unavailable, match="correct the address") as caught:
        contact(read_destination("http://127.0.0.1:1/v1"))
    assert "BINDERY" not in str(caught.value)


@pytest.mark.parametrize(
    "entry", [{"id": "a\n\x1b[31mb"}, {"id": "a\ud800"}, {"id": "a\u202eb"}, {"id": ""}, {"id": 3}]
)
def test_a_name_that_cannot_be_printed_is_no_model(entry: object) -> None:
    class Lists(DialectServer):
        def _listed(self, path: str) -> bytes:
            return whole(json.dumps({"data": [entry]}))

    with served(Lists(healthy())) as url, pytest.raises(Unavailable, match="--model"):
        contact(read_destination(url))


@pytest.mark.parametrize(
    "more", [{"owned_by": {"a": 1}}, {"owned_by": "x\n" * 400}, {"meta": [1]}, {"max_model_len": "x"}]
)
def test_what_is_odd_beside_a_name_is_not_used(more: dict[str, object]) -> None:
    class Lists(DialectServer):
        def _listed(self, path: str) -> bytes:
            return whole({"data": [{"id": "m", **more}]})

    with served(Lists(healthy())) as url:
        assert all("\n" not in line for line in contact(read_destination(url)).lines())


def test_a_field_that_breaks_the_server_is_left_out() -> None:
    class Breaks(DialectServer):
        async def _answer(self, writer: asyncio.StreamWriter, path: str, asked: Mapping[str, Any]) -> None:
            if "ignore_eos" in asked:
                writer.write(whole("TypeError: unexpected keyword argument 'ignore_eos'", "500 Oops"))
            else:
                await super()._answer(writer, path, asked)

    with served(Breaks(healthy())) as url:
        assert any("refuses ignore_eos" in line for line in contact(read_destination(url)).lines())
