"""Fields that a server refuses are left out or renamed, and what the operator adds is sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest

from harness.outcomes import OK
from harness.preflight import Level, Topic, preflight
from tests.support.dialect_server import DialectServer, Manner, healthy, whole
from tests.support.met_server import CALL, meet, said
from tests.support.stream_server import served

REFUSALS = [
    "",
    json.dumps(
        {"detail": [{"type": "extra_forbidden", "loc": ["body", "FIELD"], "msg": "Extra inputs are not permitted"}]}
    ),
    json.dumps({"object": "error", "message": "Unrecognized request argument supplied: FIELD"}),
    "FIELD: unknown field",
    "Bad Request",
]


@pytest.mark.parametrize("refusal", REFUSALS)
@pytest.mark.parametrize("field", ["seed", "stream_options", "ignore_eos", "temperature"])
def test_a_field_that_is_refused_is_left_out(field: str, refusal: str) -> None:
    manner = Manner(refuse_fields=[field], refusal=refusal.replace("FIELD", field))
    found, request, effective = meet(healthy(), manner)
    assert request.outcome is OK
    assert field not in manner.asked[-1]
    assert field in str(effective["fields_omitted"])
    assert said(found, Topic.FIELDS)[0][0] is Level.ADAPTED


@pytest.mark.parametrize(
    "refusal",
    [
        "",
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "nope",
    ],
)
def test_the_limit_has_another_name_where_its_own_is_refused(refusal: str) -> None:
    manner = Manner(refuse_fields=["max_tokens"], refusal=refusal)
    _, request, effective = meet(healthy(), manner)
    assert request.outcome is OK
    assert manner.asked[-1]["max_completion_tokens"] == CALL.max_tokens
    assert effective["limit_sent_as"] == "max_completion_tokens"


def test_everything_at_once_may_be_refused() -> None:
    manner = Manner(refuse_fields=["stream_options", "ignore_eos", "seed", "temperature", "max_tokens"])
    _, request, _ = meet(healthy(), manner)
    assert request.outcome is OK
    assert sorted(manner.asked[-1]) == ["max_completion_tokens", "model", "prompt", "stream"]


def test_extra_fields_go_with_every_request() -> None:
    manner = Manner()
    _, _, effective = meet(healthy(), manner, extra_body='{"top_k": 20}')
    assert manner.asked[-1]["top_k"] == 20
    assert effective["extra_body"] == '{"top_k": 20}'


class Breaks(DialectServer):
    """Fails at a field as a broken server does, and says nothing of it; with ``out``, so many times at everything."""

    def __init__(self, field: str, out: int = 0) -> None:
        super().__init__(healthy())
        self.field, self.left = field, out

    async def _answer(self, writer: asyncio.StreamWriter, path: str, asked: Mapping[str, Any]) -> None:
        self.left -= 1
        if self.left >= 0 or self.field in asked:
            writer.write(whole("Internal Server Error", "500 Oops"))
        else:
            await super()._answer(writer, path, asked)


@pytest.mark.parametrize(("field", "out", "refused"), [("seed", 0, True), ("", 5, False)])
def test_a_field_that_breaks_a_server_is_told_from_an_outage(field: str, out: int, *, refused: bool) -> None:
    with served(Breaks(field, out)) as url:
        found = preflight("openai_http", "", {"base_url": url})
    assert ("seed" in str(found.agreed["omitted"])) is refused
