"""TR122: where do memory and processors become the bottleneck?

One thing is changed at a time: every change runs with the smallest context, and those that a context may decide also
with longer ones. A prompt fills three quarters of its context. Telemetry is watched by switching it on for every other
request; the end of the context, a limit of memory and a competing load are provoked and must show as what they are.
"""

from __future__ import annotations

from ..design import Factor, Primary, Profile, Prompt, Scenario, Study, Value, Workload
from ..design.declare import bundles, exclusions, gates, grouped_prompts, subset
from ..models import GEMMA_3_270M, SMOLLM2_135M, TITLES

_CONTEXTS = (256, 512, 1024, 2048, 4096)
_SMALLEST = _CONTEXTS[0]
_OUTPUT = 32
_UNSCORED: dict[str, Value] = {"accuracy": False}
_WHOLE: dict[str, Value] = {"cold": f"fill-{_SMALLEST}", **_UNSCORED}
"""The first request is like the others, which is asked of what depends on it."""
_CHANGES: dict[str, dict[str, Value]] = {
    "base": {"memory_rates": True},
    "kv-q8_0": {"kv_type": "q8_0"},
    "kv-q4_0": {"kv_type": "q4_0"},
    "no-flash-attention": {"flash_attention": False},
    "one-thread": {"threads": 1, "memory_rates": True, **_UNSCORED},
    "small-batch": {"batch": 32},
    "weights-copied": {"mmap": False, **_UNSCORED},
    "prompt-cache": {"prompt": "repeated", "cache_prompt": True, **_WHOLE},
    "four-streams": {"streams": 4, "parallel": 4, **_UNSCORED},
    "limit-mapped": {"memory_mib": 256, **_UNSCORED},
    "limit-copied": {"memory_mib": 256, "mmap": False, **_UNSCORED},
    "competing-load": {"competing": 1, **_UNSCORED},
    "long-prompt": {**_WHOLE, "prompts": "fill-512", "cold": "fill-512"},
    "long-output": {"max_tokens": 96, **_WHOLE},
    "long-output-shifted": {"max_tokens": 96, "context_shift": True, **_WHOLE},
    "telemetry": {"telemetry": "alternating", "prompts": "pairs", "max_tokens": 48, **_UNSCORED},
    "pytorch": {"backend": "pytorch", "layers": True, "prompts": "brief", "max_tokens": 8},
}
"""What each change sets. The first is what the others are compared with."""
_SAID = (
    ("base", "the base"),
    ("kv-q8_0", "an 8-bit key-value cache"),
    ("kv-q4_0", "a 4-bit key-value cache"),
    ("no-flash-attention", "no flash attention"),
    ("one-thread", "one thread"),
    ("small-batch", "a small batch"),
    ("weights-copied", "copied weights"),
    ("prompt-cache", "a prompt cache"),
    ("four-streams", "four streams"),
    ("limit-mapped", "a memory limit and mapped weights"),
    ("limit-copied", "a memory limit and copied weights"),
    ("competing-load", "a competing load"),
    ("long-prompt", "a long prompt"),
    ("long-output", "a long output"),
    ("long-output-shifted", "a long output and shifted context"),
    ("pytorch", "PyTorch"),
)
_QUANTISED = (_SMALLEST, 1024, 4096)
_ALLOWED: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(_CHANGES, (_SMALLEST,)),
    "base": _CONTEXTS,
    "kv-q8_0": _QUANTISED,
    "kv-q4_0": _QUANTISED,
    "no-flash-attention": _QUANTISED,
    "pytorch": (_SMALLEST, 4096),
}
_WITH_GEMMA: dict[str, tuple[Value, ...]] = {"change": ("base", "pytorch"), "context": (_SMALLEST, 2048, 4096)}
_MODELS: dict[str, dict[str, Value]] = {
    SMOLLM2_135M.name: {"model": SMOLLM2_135M.name},
    GEMMA_3_270M.name: {"model": GEMMA_3_270M.name, **_UNSCORED},
}
_SENTENCES = (
    "The ferry leaves at seven, unless the fog is thick.",
    "Twelve boats leave the harbour before sunrise.",
    "Nobody on the quay has ever seen him hurry.",
)
_PARTS = ("attention", "mlp", "norm", "embedding", "head", "sampling", "other", "sum", "cost")
"""Parts of a model whose time is told, whether they add up, and what telling costs."""

_TOKENS = 11
"""About how many tokens a sentence has."""


def _text(tokens: int) -> str:
    return " ".join(_SENTENCES[n % len(_SENTENCES)] for n in range(tokens // _TOKENS))


def _context(tokens: int) -> dict[str, Value]:
    """The settings of a context; accuracy is asked for in the smallest alone, where every change has a run. The first
    request is a brief one, for a prompt that fills the context takes long."""
    scored = tokens == _SMALLEST
    return {"num_ctx": tokens, "prompts": f"fill-{tokens}", "cold": "brief", "accuracy": scored, "memory_rates": False}


def _prompts() -> tuple[Prompt, ...]:
    fills = {f"fill-{n}": (_text(n * 3 // 4),) * (2 if n < 1024 else 1) for n in _CONTEXTS}
    return grouped_prompts(**fills, pairs=(_text(64),) * 16, brief=(_text(64),))


def _against_base(name: str, metric: str, change: str, context: int, within: str = "pooled") -> Primary:
    """A change against none, with one context of the smaller model."""
    return Primary(name, metric, "change", change, "base", (("model", SMOLLM2_135M.name), ("context", context)), within)


STUDY = Study(
    id="tr122",
    title="Resource Profiling",
    question="Where do memory and processors become the bottleneck?",
    backend="llama_cpp",
    scenario=Scenario.SINGLE_STREAM,
    factors=(
        Factor(
            "model",
            (SMOLLM2_135M.name, GEMMA_3_270M.name),
            "model",
            meaning="model and quantisation of its file",
            words=TITLES,
        ),
        Factor("context", _CONTEXTS, "num_ctx", "tokens", "context, of which a prompt fills three quarters"),
        Factor("change", tuple(_CHANGES), meaning="what differs from the base", words=_SAID),
    ),
    exclusions=(
        *exclusions("change", "context", _ALLOWED, _CONTEXTS),
        *exclusions("model", "change", {GEMMA_3_270M.name: _WITH_GEMMA["change"]}, _CHANGES),
        *exclusions("model", "context", {GEMMA_3_270M.name: _WITH_GEMMA["context"]}, _CONTEXTS),
        (("model", GEMMA_3_270M.name), ("change", "pytorch"), ("context", _SMALLEST)),
    ),
    bundles=bundles(
        context={tokens: _context(tokens) for tokens in _CONTEXTS},
        change={change: {"threads": "all", **settings} for change, settings in _CHANGES.items()},
        model=_MODELS,
    ),
    fixed=(("temperature", 0.0),),
    gates=gates(**dict.fromkeys(_CHANGES, (1.05, 90.0))),
    workload=Workload(_prompts(), max_tokens=_OUTPUT, warmup=0),
    profiles=(
        Profile(
            "smoke",
            runs=1,
            subset=subset(
                model=(SMOLLM2_135M.name,), context=(_SMALLEST,), change=("base", "kv-q8_0", "long-prompt", "pytorch")
            ),
            run_timeout_s=300.0,
        ),
        Profile("quick", runs=8, subset=subset(context=(256, 1024, 2048)), run_timeout_s=300.0),
        Profile("full", runs=8, run_timeout_s=900.0),
    ),
    metrics=(
        "decode_step",
        "prefill_latency",
        "e2e_kv",
        "request_throughput",
        "prompt_tokens",
        "cache_hit_tokens",
        "load_time",
        "weight_bytes",
        "weights_copied",
        "kv_cache",
        "kv_formula",
        "kv_full",
        "kv_per_token",
        "compute_buffers",
        "engine_rss_peak",
        "engine_rss_highest",
        "engine_pss",
        "engine_anonymous",
        "engine_faults",
        "engine_major_faults",
        "copy_bandwidth",
        "read_bandwidth",
        "foreign_cpu",
        "stolen_cpu",
        "telemetry_overhead",
        "telemetry_cpu",
        *(f"layer_{phase}_{part}" for phase in ("prefill", "decode") for part in _PARTS),
        "perplexity",
        "greedy_agreement",
    ),
    primaries=(
        _against_base("kv-q8-decode", "decode_step", "kv-q8_0", 1024),
        _against_base("kv-q4-decode", "decode_step", "kv-q4_0", 1024),
        _against_base("flash-decode", "decode_step", "no-flash-attention", 1024),
        _against_base("batch-prefill", "prefill_latency", "small-batch", 256, "median"),
        _against_base("thread-decode", "decode_step", "one-thread", 256),
    ),
    sessions=8,
)
