"""What each engine is sent, and what its records mean."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.backends import llama_cpp_wire, ollama_wire, openai_wire
from harness.client.json_records import BadRecord
from harness.events import Counters, Phase
from harness.protocols import Call
from tests.support.stream_server import terminal

CALL = Call(0, Phase.MEASURED, "p", "Hello", 16, seed=7, temperature=0.2, ignore_eos=True, cache_prompt=False)


def test_llama_cpp_is_asked_for_exactly_the_call() -> None:
    assert llama_cpp_wire.body(CALL) == {
        "prompt": "Hello",
        "n_predict": 16,
        "temperature": 0.2,
        "seed": 7,
        "ignore_eos": True,
        "cache_prompt": False,
        "stream": True,
        "return_tokens": True,
    }


def test_llama_cpp_reports_counters_and_what_it_sampled_with() -> None:
    piece = llama_cpp_wire.read(terminal(16))
    assert piece.done
    assert piece.counters == Counters(8, 0, 4.0, 16, 9.5)
    assert piece.effective == {"temperature": 0.8, "seed": 1, "max_tokens": 16, "ignore_eos": True}
    assert piece.finish_reason == "length"


@pytest.mark.parametrize(
    "record", [{"error": {"code": 500, "message": "oom"}}, {"error": "oom"}, {"code": 500, "message": "oom"}]
)
def test_llama_cpp_errors_are_recognised(record: dict[str, object]) -> None:
    assert llama_cpp_wire.read(record).error == "oom"


def test_openai_completions_and_chat_differ_in_their_prompt() -> None:
    plain = openai_wire.body(CALL, "m", "completions", "llamacpp")
    chat = openai_wire.body(CALL, "m", "chat")
    assert plain["prompt"] == "Hello"
    assert chat["messages"] == [{"role": "user", "content": "Hello"}]
    assert plain["cache_prompt"] is False
    assert "cache_prompt" not in chat
    assert plain["stream_options"] == chat["stream_options"] == {"include_usage": True}


def test_vllm_is_asked_for_a_running_count() -> None:
    options = openai_wire.body(CALL, "m", "chat", "vllm")["stream_options"]
    assert options == {"include_usage": True, "continuous_usage_stats": True}


def test_openai_content_comes_from_either_endpoint() -> None:
    assert openai_wire.read({"choices": [{"text": "a"}]}).content == "a"
    assert openai_wire.read({"choices": [{"delta": {"content": "b"}}]}).content == "b"
    assert openai_wire.read({"choices": [{"delta": {"role": "assistant", "content": None}}]}).content == ""


def test_openai_usage_becomes_counters_without_cached_tokens_in_the_prompt() -> None:
    usage = {"prompt_tokens": 10, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 6}}
    piece = openai_wire.read({"choices": [], "usage": usage})
    assert piece.counters == Counters(prompt_n=4, cache_n=6, predicted_n=4)
    assert not piece.done


def test_openai_running_usage_counts_tokens() -> None:
    assert openai_wire.read({"choices": [{"text": "abc"}], "usage": {"completion_tokens": 3}}).total == 3


def test_openai_more_cached_than_there_were_is_bad() -> None:
    usage = {"prompt_tokens": 1, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 6}}
    piece = openai_wire.read({"choices": [], "usage": usage})
    assert piece.bad == ("cached_tokens",)
    assert piece.counters is not None
    assert piece.counters.cache_n is None


@pytest.mark.parametrize("record", [{}, {"choices": "x"}, {"choices": [1]}, {"choices": [{"text": 4}]}])
def test_openai_records_of_another_shape_are_refused(record: dict[str, object]) -> None:
    with pytest.raises(BadRecord):
        openai_wire.read(record)


COMMON = ollama_wire.Common("gemma3:latest", {"num_ctx": 512, "num_gpu": 0, "num_thread": 2})


@pytest.mark.parametrize("common", [COMMON, replace(COMMON, keep_alive="5m", raw=False, think=False)])
def test_what_requests_to_ollama_have_in_common_reaches_other_processes(common: ollama_wire.Common) -> None:
    assert ollama_wire.Common.of_handle(common.handle("http://box:11434")) == common


def test_ollama_options_reach_the_server() -> None:
    body = ollama_wire.body(CALL, COMMON)
    assert body["options"] == {
        **ollama_wire.PINNED,
        "num_ctx": 512,
        "num_gpu": 0,
        "num_thread": 2,
        "num_predict": 16,
        "temperature": 0.2,
        "seed": 7,
    }
    assert (body["raw"], body["truncate"], body["shift"], "think" in body) == (True, False, False, False)


def test_ollama_durations_are_nanoseconds() -> None:
    piece = ollama_wire.read(
        {
            "response": "",
            "done": True,
            "done_reason": "length",
            "total_duration": 90_000_000,
            "load_duration": 2_000_000,
            "prompt_eval_count": 5,
            "prompt_eval_duration": 3_000_000,
            "eval_count": 9,
            "eval_duration": 80_000_000,
        }
    )
    assert piece.counters == Counters(prompt_ms=3.0, predicted_n=9, predicted_ms=80.0)
    assert piece.effective == {"load_ms": 2.0, "queue_ms": 5.0, "prompt_tokens_total": 5}
    assert piece.finish_reason == "length"


def test_ollama_errors_are_recognised() -> None:
    assert ollama_wire.read({"error": "model runner has stopped"}).error == "model runner has stopped"
