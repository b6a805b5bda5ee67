"""From stamped bytes to tokens, with stamps that are chosen, not measured."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import replace
from time import monotonic_ns

import pytest

from harness.backends import ollama_wire, openai_wire
from harness.backends.llama_cpp_wire import DIALECT
from harness.client.decode import Decoded, Dialect, Piece, decode, decode_now
from harness.client.exchange import Exchange
from harness.client.json_records import Record
from harness.client.planned_start import until
from harness.outcomes import OK, Code, Outcome, Status, failed
from tests.support.stream_server import llama_body, sse, terminal, token


def answer(*chunks: bytes, outcome: Outcome = OK, status: int = 200) -> Exchange:
    """Chunk *i* arrived at ``10 * (i + 1)``."""
    stamps = [10 * (i + 1) for i in range(len(chunks))]
    return Exchange(0, 10_000, outcome, status=status, stamps=stamps, chunks=list(chunks))


def decoded(*chunks: bytes, outcome: Outcome = OK, status: int = 200, dialect: Dialect = DIALECT) -> Decoded:
    return decode_now(answer(*chunks, outcome=outcome, status=status), dialect)


def line(record: object) -> bytes:
    return json.dumps(record).encode() + b"\n"


def test_a_token_arrives_with_the_segment_that_completes_its_frame() -> None:
    first, second, last = sse(token(" a", 1)), sse(token(" b", 2)), sse(terminal(2))
    out = decoded(first[:-1], b"\n" + second[:5], second[5:] + last[:3], last[3:])
    assert out.arrivals_ns == [20, 30]
    assert (out.text, out.tokens, out.end_ns, out.outcome) == (" a b", [1, 1], 40, OK)


def test_two_frames_of_one_segment_share_its_stamp() -> None:
    assert decoded(sse(token("a", 1)) + sse(token("b", 2)), sse(terminal(2))).arrivals_ns == [10, 10]


def test_a_chunk_with_several_tokens_counts_them() -> None:
    out = decoded(sse(token("a", 1)), sse(token("🙂", 4)), sse(terminal(4)))
    assert (out.tokens, out.outcome) == ([1, 3], OK)


def test_an_empty_chunk_is_no_arrival_and_its_token_counts_with_the_next() -> None:
    out = decoded(sse(token("", 1)), sse(token("é", 2)), sse(terminal(2)))
    assert (out.arrivals_ns, out.tokens) == ([20], [2])


def test_content_without_a_new_token_is_text_but_no_arrival() -> None:
    out = decoded(sse(token("a", 1)), sse(token("b", 1)), sse(terminal(1)))
    assert (out.text, out.arrivals_ns, out.tokens, out.outcome) == ("ab", [10], [1], OK)


def test_a_count_that_goes_down_fails() -> None:
    out = decoded(sse(token("a", 2)), sse(token("b", 1)), sse(terminal(2)))
    assert out.outcome.code is Code.BAD_COUNTER
    assert out.outcome.status is Status.FAILED


def test_what_follows_the_terminal_record_is_ignored() -> None:
    out = decoded(llama_body(["a"]), sse(token("b", 2)), b"data: garbage\n\n", outcome=failed(Code.GAP_TIMEOUT))
    assert (out.outcome, out.text, out.end_ns) == (OK, "a", 10)


def test_bytes_decide_before_the_transport_does() -> None:
    out = decoded(sse(token("a", 1)), b"data: garbage\n\n", outcome=failed(Code.GAP_TIMEOUT))
    assert out.outcome.code is Code.BAD_FRAME
    assert out.text == "a"


def test_where_the_bytes_end_the_transport_decides() -> None:
    cut = failed(Code.GAP_TIMEOUT, "nothing within 1 s")
    assert decoded(sse(token("a", 1)), outcome=cut).outcome is cut


def test_a_stream_that_ends_well_formed_but_early_is_closed_early() -> None:
    out = decoded(sse(token("a", 1)))
    assert (out.outcome.code, out.end_ns, out.text) == (Code.CLOSED_EARLY, None, "a")


def test_the_body_of_an_error_status_is_not_a_stream() -> None:
    refused = failed(Code.HTTP_STATUS, "500: x")
    out = decoded(llama_body(), outcome=refused, status=500)
    assert (out.outcome, out.text, out.arrivals_ns) == (refused, "", [])


def test_no_content_at_all_is_degraded() -> None:
    out = decoded(sse(terminal(0)))
    assert (out.outcome.status, out.outcome.code) == (Status.DEGRADED, Code.NO_TOKENS)


def test_a_pair_of_surrogates_may_be_split_over_chunks() -> None:
    out = decoded(
        b'data: {"content":"\\ud83d","tokens_predicted":1}\n\n', b'data: {"content":"\\ude42"}\n\n', sse(terminal(2))
    )
    assert (out.text, out.outcome) == ("🙂", OK)


def test_a_lone_surrogate_is_bad_encoding() -> None:
    out = decoded(b'data: {"content":"\\ud83d","tokens_predicted":1}\n\n', sse(terminal(1)))
    assert out.outcome.code is Code.BAD_ENCODING


def test_a_line_over_the_limit_fails() -> None:
    out = decoded(sse(token("a", 1)), b"data: " + b"x" * 2_000_000 + b"\n\n")
    assert (out.outcome.code, out.text) == (Code.LINE_TOO_LONG, "a")


@pytest.mark.parametrize("counter", ["prompt_n", "cache_n", "prompt_ms", "predicted_n", "predicted_ms"])
@pytest.mark.parametrize("value", [float("nan"), -1, "many", float("inf")])
def test_an_impossible_counter_is_dropped_and_flagged(counter: str, value: object) -> None:
    out = decoded(sse(token("a", 1)), sse(terminal(1, **{counter: value})))
    assert (out.outcome.status, out.outcome.code) == (Status.DEGRADED, Code.BAD_COUNTER)
    assert counter in out.outcome.detail
    assert getattr(out.counters, counter) is None
    assert out.tokens == [1]


def test_uncounted_chunks_are_compared_with_the_engines_count() -> None:
    """NDJSON counts records: one more token (end of sequence) is expected, two more went by unseen."""
    words = [line({"response": " one", "done": False}), line({"response": " two", "done": False})]
    for counted, code in ((2, None), (3, None), (4, Code.TOKEN_COUNT), (1, Code.TOKEN_COUNT)):
        end = line({"response": "", "done": True, "eval_count": counted, "eval_duration": 5_000_000})
        out = decoded(*words, end, dialect=ollama_wire.DIALECT)
        assert out.outcome.code is code, counted
        assert out.counters.predicted_n == counted


def test_endless_records_that_say_nothing_are_refused() -> None:
    out = decoded(line({}) * 300_000, dialect=ollama_wire.DIALECT)
    assert out.outcome.code is Code.BODY_TOO_LONG


def test_an_openai_stream_ends_with_its_sentinel_or_with_its_body_after_a_reason_to_finish() -> None:
    chunk = sse({"choices": [{"text": "a"}], "usage": {"completion_tokens": 1}})
    reason = sse({"choices": [{"text": "", "finish_reason": "length"}]})
    cut = failed(Code.CLOSED_EARLY)
    for end in (b"data: [DONE]\n\n", b"data: [DONE]\n", b"data: [DONE]"):
        assert decoded(chunk, end, dialect=openai_wire.DIALECT).outcome is OK, end
    assert decoded(chunk, dialect=openai_wire.DIALECT).outcome.code is Code.CLOSED_EARLY
    assert decoded(chunk, reason, dialect=openai_wire.DIALECT).outcome is OK
    assert decoded(chunk, reason, outcome=cut, dialect=openai_wire.DIALECT).outcome is cut
    assert decoded(chunk, b"data: [DONE]", outcome=cut, dialect=openai_wire.DIALECT).outcome is cut


def test_decoding_gives_the_loop_back_in_between() -> None:
    body = llama_body(f" {i}" for i in range(3000))
    stream = Exchange(0, 1, OK, status=200, stamps=[1], chunks=[body])

    async def both() -> tuple[Decoded, int]:
        turns = 0
        task = asyncio.ensure_future(decode(stream, DIALECT))
        while not task.done():
            turns += 1
            await asyncio.sleep(0)
        return task.result(), turns

    sliced, turns = asyncio.run(both())
    assert sliced == decode_now(stream, DIALECT)
    assert len(sliced.tokens) == 3000
    assert turns > 20


def test_decoding_waits_for_a_planned_start_that_is_nearer_than_a_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.client.decode.SLICE_NS", 10**9)
    finished: list[str] = []

    async def main() -> None:
        async def start() -> None:
            await until(monotonic_ns() + 1_900_000)
            finished.append("start")

        async def decoding() -> None:
            await decode(answer(llama_body()), DIALECT)
            finished.append("decoding")

        await asyncio.gather(start(), decoding())

    asyncio.run(asyncio.wait_for(main(), 60))
    assert finished == ["start", "decoding"]


def test_streams_that_end_together_are_decoded_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many streams end in one turn of the loop, a turn holds no more than one slice of decoding."""
    monkeypatch.setattr("harness.client.decode.SLICE_NS", 0)
    reads: list[int] = []
    turn = 0

    def read(record: Record) -> Piece:
        reads.append(turn)
        return DIALECT.read(record)

    async def main() -> None:
        nonlocal turn
        streams = [answer(llama_body(f" {i}" for i in range(5))) for _ in range(8)]
        tasks = [asyncio.create_task(decode(stream, replace(DIALECT, read=read))) for stream in streams]
        while not all(task.done() for task in tasks):
            turn += 1
            await asyncio.sleep(0)

    asyncio.run(main())
    assert len(reads) == 8 * 6
    assert max(Counter(reads).values()) <= 2
