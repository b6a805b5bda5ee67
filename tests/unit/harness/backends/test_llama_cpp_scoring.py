"""Perplexity asked of llama.cpp place by place, with a double that knows a distribution and may tell it badly."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Callable
from typing import Any

import pytest

from harness.backends import llama_cpp_scoring
from harness.outcomes import Code
from harness.protocols import EngineFailed, Score
from tests.support.stream_server import read_request, serving

SHARES = (0.4, 0.3, 0.2, 0.06, 0.04)
"""After token t, the share of token (t + k) mod 5 is the k-th of these."""

TEXT = [0, 0, 2, 1, 2]
Spoil = Callable[[dict[str, Any]], object]


def distribution(last: int, width: int) -> list[dict[str, Any]]:
    ranked = [{"id": (last + k) % 5, "token": "x", "logprob": math.log(share)} for k, share in enumerate(SHARES)]
    return ranked[:width]


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    told = distribution(asked["prompt"][-1], asked["n_probs"])
    return {"tokens": [told[0]["id"]], "completion_probabilities": [{"id": told[0]["id"], "top_logprobs": told}]}


def scored(
    monkeypatch: pytest.MonkeyPatch, spoil: Spoil = lambda said: said, text: object = TEXT
) -> tuple[Score, list[dict[str, Any]]]:
    asked: list[dict[str, Any]] = []

    async def script(reader: Any, writer: Any) -> None:
        while True:
            first, _, body = await read_request(reader)
            question = json.loads(body)
            if b"/tokenize" in first:
                said: object = {"tokens": text}
            else:
                asked.append(question)
                said = spoil(answer(question))
            content = json.dumps(said).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(content), content))
            await writer.drain()

    async def main() -> Score:
        async with serving(script) as server:
            return await llama_cpp_scoring.score(f"http://{server.host}:{server.port}")

    monkeypatch.setattr(llama_cpp_scoring, "WIDTHS", (2, 4, 100))
    return asyncio.run(main()), asked


def test_perplexity_is_exact_however_unlikely_the_given_token(monkeypatch: pytest.MonkeyPatch) -> None:
    found, asked = scored(monkeypatch)
    shares = [SHARES[0], SHARES[2], SHARES[4], SHARES[1]]
    assert found.tokens == 4
    assert found.perplexity == pytest.approx(math.exp(-sum(map(math.log, shares)) / 4))
    assert found.greedy == (0, 0, 2, 1)
    widths = [(len(question["prompt"]), question["n_probs"]) for question in asked]
    assert widths == [(1, 2), (2, 2), (2, 4), (3, 2), (3, 4), (3, 100), (4, 2)]


def test_no_more_tokens_are_scored_than_by_the_other_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    found, _ = scored(monkeypatch, text=[0] * 400)
    assert found.tokens == 255
    assert found.greedy == (0,) * 128
    assert found.perplexity == pytest.approx(1 / SHARES[0])


def _first(said: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = said["completion_probabilities"][0]
    return found


def _logprob(value: object) -> Spoil:
    def spoil(said: dict[str, Any]) -> object:
        for entry in _first(said)["top_logprobs"]:
            entry["logprob"] = value
        return said

    return spoil


def _without_the_rarest(said: dict[str, Any]) -> object:
    kept = [entry for entry in _first(said)["top_logprobs"] if entry["logprob"] > math.log(0.05)]
    return {**said, "completion_probabilities": [{"top_logprobs": kept}]}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda said: {"tokens": said["tokens"]},
        lambda said: {**said, "completion_probabilities": []},
        lambda said: {**said, "completion_probabilities": ["x"]},
        lambda said: {**said, "completion_probabilities": [{"top_logprobs": {}}]},
        lambda said: {**said, "completion_probabilities": [{"top_logprobs": [3]}]},
        lambda said: {**said, "completion_probabilities": [{"top_logprobs": [{"id": [0], "logprob": -1.0}]}]},
        lambda said: {**said, "tokens": []},
        lambda said: {"completion_probabilities": said["completion_probabilities"]},
        _without_the_rarest,
        _logprob(None),
        _logprob("-1.0"),
        _logprob([-1.0]),
        _logprob(0.5),
        _logprob(float("nan")),
        _logprob(float("-inf")),
        _logprob(-3.4028234663852886e38),
    ],
)
def test_an_answer_that_makes_no_sense_is_no_perplexity(monkeypatch: pytest.MonkeyPatch, spoil: Spoil) -> None:
    with pytest.raises(EngineFailed, match=r"llama\.cpp returned") as caught:
        scored(monkeypatch, spoil)
    assert caught.value.outcome.code is Code.BAD_COUNTER


@pytest.mark.parametrize("text", [None, [], ["a"], [5]])
def test_a_text_that_is_not_tokens_is_refused(monkeypatch: pytest.MonkeyPatch, text: object) -> None:
    with pytest.raises(EngineFailed, match=r"llama\.cpp returned") as caught:
        scored(monkeypatch, text=text)
    assert caught.value.outcome.code is Code.BAD_COUNTER
