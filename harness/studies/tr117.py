"""TR117: which backend? Every arm says what it is by its settings; whether it was that is for the evidence to say.

All engines decode greedily and to one length, so that arms differ in the engine and not in what they were asked.
``gguf`` is the precision of the file itself (4 bits), which llama.cpp and Ollama compute with; the other engines read
the same file and compute with its dequantised weights.
"""

from __future__ import annotations

from ..design import Bundle, Factor, Gate, Primary, Profile, Prompt, Scenario, Study, Value, Workload
from ..models import GEMMA_3_270M, SMOLLM2_135M

_ARMS: dict[str, dict[str, Value]] = {
    "transformers-cpu": {"backend": "pytorch", "device": "cpu"},
    "transformers-cpu-compile": {"backend": "pytorch", "device": "cpu", "compile": "default"},
    "transformers-gpu": {"backend": "pytorch", "device": "cuda"},
    "transformers-gpu-compile": {"backend": "pytorch", "device": "cuda", "compile": "default"},
    "onnxruntime": {"backend": "onnx_runtime", "provider": "cpu"},
    "tensorrt": {"backend": "tensorrt"},
    "llama.cpp": {"backend": "llama_cpp", "parallel": 4},
    "ollama": {"backend": "ollama"},
}
_SCENARIOS: dict[str, dict[str, Value]] = {
    "micro": {"prompts": "micro", "max_tokens": 8},
    "short": {"prompts": "short", "max_tokens": 16},
    "medium": {"prompts": "medium", "max_tokens": 32},
    "long": {"prompts": "long", "max_tokens": 64},
    "dual_short": {"prompts": "short", "max_tokens": 16, "streams": 2},
    "dual_medium": {"prompts": "medium", "max_tokens": 32, "streams": 2},
    "stress": {"prompts": "medium", "max_tokens": 32, "streams": 4},
}
_PRECISIONS: dict[str, dict[str, Value]] = {
    "fp32": {"precision": "fp32"},
    "bf16": {"precision": "bf16"},
    "fp16": {"precision": "fp16"},
    "int8": {"precision": "int8"},
    "gguf": {},
}
_COMPUTING = {
    "transformers-cpu": ("fp32", "bf16", "int8"),
    "transformers-cpu-compile": ("fp32", "bf16"),
    "transformers-gpu": ("fp32", "bf16", "fp16"),
    "transformers-gpu-compile": ("fp32", "bf16", "fp16"),
    "onnxruntime": ("fp32", "int8"),
    "tensorrt": ("fp32", "fp16", "int8"),
    "llama.cpp": ("gguf",),
    "ollama": ("gguf",),
}

_HARBOUR = (
    "The harbour of the old town is small, but every morning twelve boats leave it before sunrise and come back at "
    "noon with fish, letters and news from the islands. "
)
_MASTER = (
    "The harbour master writes down who leaves, who returns and what the wind does, and in the evening he reads his "
    "notes aloud to anybody who cares to listen. Nobody has ever missed a boat because of him, although his clock is "
    "said to be seven minutes slow. "
)


def _against_eager(name: str, metric: str, arm: str, scenario: str = "short") -> Primary:
    """An arm against eager PyTorch at full precision, as a client sees it."""
    return Primary(name, metric, "arm", arm, "transformers-cpu", (("scenario", scenario), ("precision", "fp32")))


def _prompts(group: str, *texts: str) -> tuple[Prompt, ...]:
    return tuple(Prompt(f"{group}-{k}", text, group) for k, text in enumerate(texts, start=1))


def _bundles(factor: str, levels: dict[str, dict[str, Value]]) -> tuple[Bundle, ...]:
    return tuple(Bundle(factor, level, tuple(settings.items())) for level, settings in levels.items())


STUDY = Study(
    id="tr117",
    title="Cross-Backend Inference",
    question="Which backend?",
    backend="pytorch",
    scenario=Scenario.SINGLE_STREAM,
    factors=(
        Factor("model", (SMOLLM2_135M.name, GEMMA_3_270M.name), "model", meaning="model and quantisation of its file"),
        Factor("arm", tuple(_ARMS), None, meaning="engine, device and way of compiling"),
        Factor("scenario", tuple(_SCENARIOS), None, meaning="length of prompts and outputs, streams at once"),
        Factor("precision", tuple(_PRECISIONS), "precision", meaning="number format of the weights that compute"),
    ),
    exclusions=tuple(
        (("arm", arm), ("precision", precision))
        for arm, real in _COMPUTING.items()
        for precision in _PRECISIONS
        if precision not in real
    ),
    bundles=(
        *_bundles("arm", _ARMS),
        *_bundles("scenario", _SCENARIOS),
        *_bundles("precision", _PRECISIONS),
    ),
    fixed=(("num_ctx", 512), ("threads", "all"), ("temperature", 0.0)),
    gates=(
        Gate("fp32", 1.01, 99.0),
        Gate("bf16", 1.05, 95.0),
        Gate("fp16", 1.02, 98.0),
        Gate("int8", 1.25, 85.0),
        Gate("gguf", 1.05, 90.0),
    ),
    workload=Workload(
        prompts=(
            *_prompts("micro", "Hello there.", "Say hi.", "Good day!"),
            *_prompts(
                "short",
                "Good morning! Tell me something funny about your first cup of coffee.",
                "Why did the robot bring a ladder to the stand-up comedy night?",
                "My cat judges me every single day; what is it really thinking?",
            ),
            *_prompts(
                "medium",
                f"{_HARBOUR}What would you ask the captain first?",
                f"{_HARBOUR}Which of the boats would you take, and why?",
                f"{_HARBOUR}Describe the harbour to somebody who has never seen the sea.",
            ),
            *_prompts(
                "long",
                f"{_HARBOUR}{_MASTER}What would you ask the harbour master first?",
                f"{_HARBOUR}{_MASTER}Why does nobody set his clock right?",
                f"{_HARBOUR}{_MASTER}Write what he read aloud last night.",
            ),
        ),
        max_tokens=16,
    ),
    profiles=(
        Profile(
            "smoke",
            runs=1,
            subset=(
                ("model", (SMOLLM2_135M.name,)),
                ("arm", ("transformers-cpu", "transformers-gpu", "tensorrt", "llama.cpp")),
                ("scenario", ("micro",)),
                ("precision", ("fp32", "gguf")),
            ),
            run_timeout_s=300.0,
        ),
        Profile(
            "quick",
            runs=7,
            subset=(
                ("model", (SMOLLM2_135M.name,)),
                ("scenario", ("micro", "short", "dual_short")),
                ("precision", ("fp32", "int8", "gguf")),
            ),
            run_timeout_s=600.0,
        ),
        Profile("full", runs=7, run_timeout_s=1200.0),
    ),
    metrics=(
        "ttft",
        "tpot",
        "e2e_latency",
        "decode_tps",
        "prefill_latency",
        "kv_decode_latency",
        "e2e_kv",
        "load_time",
        "compile_time",
        "export_time",
        "perplexity",
        "greedy_agreement",
    ),
    primaries=(
        _against_eager("compiled-first-token", "ttft", "transformers-cpu-compile"),
        _against_eager("compiled-answer", "e2e_latency", "transformers-cpu-compile"),
        _against_eager("onnx-first-token", "ttft", "onnxruntime"),
        _against_eager("onnx-answer", "e2e_latency", "onnxruntime"),
    ),
    sessions=8,
)
