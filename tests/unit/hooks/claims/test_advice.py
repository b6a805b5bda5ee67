"""Advice and judgement without a comparison state a result, and stop prose; what was done does not."""

from __future__ import annotations

import pytest

from hooks.claims.advice import advice
from hooks.claims.lexicon import loaded

STATED = (
    "ONNX Runtime is the engine to pick.",
    "Everyone should use Rust.",
    "You can ignore the context window.",
    "Threads hardly matter.",
    "Nobody will notice the second server.",
    "The overhead is barely visible.",
    "Two agents get in each other's way.",
    "The second agent comes at no extra charge.",
    "The server is idle most of the time.",
    "Most of the time is spent in prefill.",
    "The engine keeps up with any client.",
    "The client is never late.",
    "Quantisation ruins the answers.",
    "The result is robust.",
    "The result carries over to GPUs.",
    "This proves that threads matter.",
    "The data leave no doubt.",
    "Use two threads, always.",
    "One thread is enough.",
    "A single thread suffices.",
    "The effect vanishes with padding.",
    "The Rust agent is lightweight.",
    "smol is a poor choice.",
    "Batching is free.",
    "The warm-up is unnecessary.",
    "The engine ignores the setting.",
    "The engine is deterministic.",
    "Every run gave the same answer.",
    "The model is accurate.",
    "Gemma writes good reports.",
    "SmolLM2 writes nonsense.",
    "Energy is the main cost.",
    "Cloud machines are overpriced.",
    "There is room for three agents.",
    "The ceiling is out of reach.",
    "Avoid PyTorch.",
    "Stay away from compile mode.",
    "The benefit is obvious.",
    "The penalty is severe.",
    "Sharing a server is harmless.",
    "The roofline is reached.",
    "Bandwidth is the limit.",
    "It stalls now and then.",
    "Accuracy stays intact.",
    "The figures agree with the earlier series.",
    "Put your money on Rust.",
    "I would not bother with padding.",
    "Feel free to skip the warm-up.",
    "Two servers buy you nothing.",
    "The cache does its job.",
    "The scheduler gets it right.",
    "It feels snappy.",
    "Latency is under control.",
    "Memory is no concern.",
    "Context is expensive.",
    "Long prompts hurt.",
    "Prefill eats the budget.",
    "The GPU sits idle.",
    "Threads fight for the cache.",
    "Agents queue up behind each other.",
    "The model fits in the cache.",
    "The runtime makes a difference.",
    "The language is a detail.",
    "All five runtimes do the same.",
    "They differ by a hair.",
    "There is nothing between them.",
    "The gap closes with size.",
    "The curve is straight.",
    "Time follows a power law.",
    "The estimate is conservative.",
    "You can trust these numbers.",
    "Nothing else ran on the machine.",
    "The outlier is an artefact.",
    "It was luck.",
    "The earlier headline stands.",
    "Our measurement settles the question.",
    "Quality survives int8.",
    "Answers stay the same.",
    "Perplexity jumps.",
    "Spot prices make it a bargain.",
    "It pays for itself in a day.",
)
PLAIN = (
    "The seed is the same in each run.",
    "Both languages do the same tasks in one block.",
    "A machine of another price moves all points together.",
    "Whether one thread is enough stands above.",
    "Where the limit is reached, the row is empty.",
    "Weights are never trained.",
    "A client keeps up with a rate where that lag is within the limit.",
    "Each client has a process of its own.",
    "The law of the sessions fits what the page shows.",
    "A latency that you must keep is a setting.",
)


@pytest.mark.parametrize("sentence", STATED)
def test_a_sentence_that_states_a_result_is_found(sentence: str) -> None:
    assert list(loaded(sentence))


@pytest.mark.parametrize("sentence", PLAIN)
def test_a_sentence_about_what_was_done_is_none(sentence: str) -> None:
    assert list(advice(sentence)) == []
