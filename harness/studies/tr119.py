"""TR119: what do a million tokens cost, in money, energy and carbon?

Cost needs rates and prices: the rates of prefill and decode are measured here, prices are dated inputs with a source.
Energy needs a sensor, and is missing with its reason where there is none. Generation without a key-value cache stands
beside the cached one, because the earlier series priced it.
"""

from __future__ import annotations

from ..design import Factor, Primary, Profile, Study, Value, Workload
from ..design.declare import bundles, exclusions, grouped_prompts, subset
from ..models import GEMMA_3_270M, SMOLLM2_135M, TITLES

_ARMS: dict[str, dict[str, Value]] = {
    "transformers-cpu": {"backend": "pytorch", "device": "cpu"},
    "onnxruntime-cpu": {"backend": "onnx_runtime", "provider": "cpu"},
    "llama.cpp": {"backend": "llama_cpp", "parallel": 2},
    "transformers-gpu-compile": {"backend": "pytorch", "device": "cuda", "compile": "default"},
    "onnxruntime-gpu": {"backend": "onnx_runtime", "provider": "cuda"},
}
_ON_CPU = ("transformers-cpu", "onnxruntime-cpu", "llama.cpp")
_ENGINES = (
    ("transformers-cpu", "PyTorch"),
    ("onnxruntime-cpu", "ONNX Runtime"),
    ("transformers-gpu-compile", "PyTorch compiled on a GPU"),
    ("onnxruntime-gpu", "ONNX Runtime on a GPU"),
)
_GENERATION: dict[str, dict[str, Value]] = {"kv": {}, "uncached": {"generation": "uncached"}}
_SCENARIOS: dict[str, dict[str, Value]] = {
    "micro": {"prompts": "short", "max_tokens": 8},
    "chat": {"prompts": "short", "max_tokens": 32},
    "summary": {"prompts": "long", "max_tokens": 32},
    "essay": {"prompts": "short", "max_tokens": 128},
    "two-at-once": {"prompts": "short", "max_tokens": 32, "streams": 2},
}
_NOTE = (
    "The lighthouse keeper wrote down the weather every evening, and on the first day of each month he sent the pages "
    "to the harbour office, where a clerk copied them into a book that nobody opened for forty years. "
)
_PROMPTS = grouped_prompts(
    short=(
        f"{_NOTE}What did the clerk think of them?",
        f"{_NOTE}Who opened the book at last?",
        f"{_NOTE}Write the page of the stormiest evening.",
    ),
    long=(
        f"{_NOTE * 4}Sum this up in one sentence.",
        f"{_NOTE * 4}Which words come back most often?",
        f"{_NOTE * 4}Tell the same story from the clerk's side.",
    ),
)


def _against_pytorch(name: str, metric: str, arm: str) -> Primary:
    """The rate of an engine over that of eager PyTorch, whose inverse is the ratio of the costs on one machine."""
    return Primary(
        name, metric, "arm", arm, "transformers-cpu", (("scenario", "summary"), ("generation", "kv")), "pooled"
    )


STUDY = Study(
    id="tr119",
    title="Cost and Energy",
    question="What do a million tokens cost in money, energy and carbon?",
    backend="pytorch",
    factors=(
        Factor("model", (SMOLLM2_135M.name, GEMMA_3_270M.name), "model", meaning="model", words=TITLES),
        Factor("arm", tuple(_ARMS), meaning="engine and device", title="engine", words=_ENGINES),
        Factor(
            "scenario",
            tuple(_SCENARIOS),
            None,
            "",
            "length of prompts and outputs, streams at once",
            "",
            (("two-at-once", "two at once"),),
        ),
        Factor(
            "generation",
            tuple(_GENERATION),
            meaning="with a key-value cache, or a whole pass for every token",
            words=(("kv", "with a cache"), ("uncached", "without a cache")),
        ),
    ),
    exclusions=exclusions("arm", "generation", {"llama.cpp": ("kv",)}, _GENERATION),
    bundles=bundles(arm=_ARMS, scenario=_SCENARIOS, generation=_GENERATION),
    fixed=(("num_ctx", 512), ("threads", "all"), ("temperature", 0.0)),
    workload=Workload(_PROMPTS, max_tokens=32),
    profiles=(
        Profile(
            "smoke",
            runs=1,
            subset=subset(model=(SMOLLM2_135M.name,), arm=_ON_CPU, scenario=("micro",), generation=("kv",)),
            run_timeout_s=300.0,
        ),
        Profile(
            "quick",
            runs=7,
            subset=subset(model=(SMOLLM2_135M.name,), arm=_ON_CPU, scenario=("micro", "summary")),
            run_timeout_s=600.0,
        ),
        Profile("full", runs=7, run_timeout_s=1200.0),
    ),
    metrics=(
        "server_prefill_tps",
        "server_decode_tps",
        "e2e_kv",
        "uncached_generate",
        "e2e_latency",
        "prompt_tokens",
        "server_output_tokens",
        "output_token_throughput",
        "power",
    ),
    primaries=(
        _against_pytorch("onnx-prefill", "server_prefill_tps", "onnxruntime-cpu"),
        _against_pytorch("onnx-decode", "server_decode_tps", "onnxruntime-cpu"),
        _against_pytorch("llama-prefill", "server_prefill_tps", "llama.cpp"),
        _against_pytorch("llama-decode", "server_decode_tps", "llama.cpp"),
    ),
    sessions=8,
)
