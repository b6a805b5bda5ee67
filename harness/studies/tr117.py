"""TR117: which backend? Every arm says what it is by its settings; whether it was that is for the evidence to say.

All engines decode greedily and to one length, so that arms differ in the engine and not in what they were asked.
``gguf`` is the precision of the file itself (4 bits), which llama.cpp and Ollama compute with; the other engines read
the same file and compute with its dequantised weights.
"""

from __future__ import annotations

from ..design import Factor, Primary, Profile, Scenario, Study, Value, Workload
from ..design.declare import bundles, exclusions, gates, grouped_prompts, subset
from ..models import GEMMA_3_270M, SMOLLM2_135M, TITLES

_GPU = ("fp32", "bf16", "fp16")
_ARMS: dict[str, tuple[dict[str, Value], tuple[Value, ...]]] = {
    "transformers-cpu": ({"backend": "pytorch", "device": "cpu"}, ("fp32", "bf16", "int8")),
    "transformers-cpu-compile": ({"backend": "pytorch", "device": "cpu", "compile": "default"}, ("fp32", "bf16")),
    "transformers-gpu": ({"backend": "pytorch", "device": "cuda"}, _GPU),
    "transformers-gpu-compile": ({"backend": "pytorch", "device": "cuda", "compile": "default"}, _GPU),
    "onnxruntime": ({"backend": "onnx_runtime", "provider": "cpu"}, ("fp32", "int8")),
    "tensorrt": ({"backend": "tensorrt"}, ("fp32", "fp16", "int8")),
    "llama.cpp": ({"backend": "llama_cpp", "parallel": 4}, ("gguf",)),
    "ollama": ({"backend": "ollama"}, ("gguf",)),
}
"""Settings of each arm, and the precisions that it computes in."""
_ENGINES = (
    ("transformers-cpu", "PyTorch"),
    ("transformers-cpu-compile", "PyTorch compiled"),
    ("transformers-gpu", "PyTorch on a GPU"),
    ("transformers-gpu-compile", "PyTorch compiled on a GPU"),
    ("onnxruntime", "ONNX Runtime"),
    ("tensorrt", "TensorRT"),
    ("ollama", "Ollama"),
)
_PRECISIONS: dict[str, dict[str, Value]] = {
    **{name: {"precision": name} for name in ("fp32", "bf16", "fp16", "int8")},
    "gguf": {},
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
_STREAMS = (
    ("dual_short", "two short streams"),
    ("dual_medium", "two medium streams"),
    ("stress", "four medium streams"),
)
_HARBOUR = (
    "The harbour of the old town is small, but every morning twelve boats leave it before sunrise and come back at "
    "noon with fish, letters and news from the islands. "
)
_MASTER = (
    f"{_HARBOUR}The harbour master writes down who leaves, who returns and what the wind does, and in the evening he "
    "reads his notes aloud to anybody who cares to listen. Nobody has ever missed a boat because of him, although his "
    "clock is said to be seven minutes slow. "
)
_PROMPTS = grouped_prompts(
    micro=("Hello there.", "Say hi.", "Good day!"),
    short=(
        "Good morning! Tell me something funny about your first cup of coffee.",
        "Why did the robot bring a ladder to the stand-up comedy night?",
        "My cat judges me every single day; what is it really thinking?",
    ),
    medium=(
        f"{_HARBOUR}What would you ask the captain first?",
        f"{_HARBOUR}Which of the boats would you take, and why?",
        f"{_HARBOUR}Describe the harbour to somebody who has never seen the sea.",
    ),
    long=(
        f"{_MASTER}What would you ask the harbour master first?",
        f"{_MASTER}Why does nobody set his clock right?",
        f"{_MASTER}Write what he read aloud last night.",
    ),
)
_SMALL = (SMOLLM2_135M.name,)
_FEW = ("transformers-cpu", "transformers-gpu", "tensorrt", "llama.cpp")
_SMOKE = subset(model=_SMALL, arm=_FEW, scenario=("micro",), precision=("fp32", "gguf"))
_QUICK = subset(model=_SMALL, scenario=("micro", "short", "dual_short"), precision=("fp32", "int8", "gguf"))
_CLIENT = ("ttft", "tpot", "e2e_latency", "decode_tps")
_ENGINE = ("prefill_latency", "kv_decode_latency", "e2e_kv", "load_time", "compile_time", "export_time")


def _against_eager(name: str, metric: str, arm: str, scenario: str = "short") -> Primary:
    """An arm against eager PyTorch at full precision, as a client sees it."""
    return Primary(name, metric, "arm", arm, "transformers-cpu", (("scenario", scenario), ("precision", "fp32")))


STUDY = Study(
    id="tr117",
    title="Cross-Backend Inference",
    question="Which backend?",
    backend="pytorch",
    scenario=Scenario.SINGLE_STREAM,
    factors=(
        Factor(
            "model", (*_SMALL, GEMMA_3_270M.name), "model", meaning="model and quantisation of its file", words=TITLES
        ),
        Factor("arm", tuple(_ARMS), None, "", "engine, device and way of compiling", "engine", _ENGINES),
        Factor("scenario", tuple(_SCENARIOS), meaning="length of prompts and outputs, streams at once", words=_STREAMS),
        Factor(
            "precision",
            tuple(_PRECISIONS),
            "precision",
            meaning="number format of the weights that compute",
            words=(("gguf", "4-bit GGUF"),),
        ),
    ),
    exclusions=exclusions("arm", "precision", {arm: kept for arm, (_, kept) in _ARMS.items()}, _PRECISIONS),
    bundles=bundles(
        arm={arm: settings for arm, (settings, _) in _ARMS.items()}, scenario=_SCENARIOS, precision=_PRECISIONS
    ),
    fixed=(("num_ctx", 512), ("threads", "all"), ("temperature", 0.0)),
    gates=gates(fp32=(1.01, 99.0), bf16=(1.05, 95.0), fp16=(1.02, 98.0), int8=(1.25, 85.0), gguf=(1.05, 90.0)),
    workload=Workload(_PROMPTS, max_tokens=16),
    profiles=(
        Profile("smoke", runs=1, subset=_SMOKE, run_timeout_s=300.0),
        Profile("quick", runs=7, subset=_QUICK, run_timeout_s=600.0),
        Profile("full", runs=7, run_timeout_s=1200.0),
    ),
    metrics=(*_CLIENT, *_ENGINE, "perplexity", "greedy_agreement"),
    primaries=(
        _against_eager("compiled-first-token", "ttft", "transformers-cpu-compile"),
        _against_eager("compiled-answer", "e2e_latency", "transformers-cpu-compile"),
        _against_eager("onnx-first-token", "ttft", "onnxruntime"),
        _against_eager("onnx-answer", "e2e_latency", "onnxruntime"),
    ),
    sessions=8,
)
