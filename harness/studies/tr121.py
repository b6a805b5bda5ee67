"""TR121: how does latency grow with size?

One axis for three engines: the eight shapes of the GPT-2 family with the same seeded fp32 weights, as a PyTorch module,
as an exported graph and as a GGUF file. A byte is a token in all three, so that a prompt has one length. Two published
models, which only llama.cpp runs as they are, stand beside the axis and are in no fit.
"""

from __future__ import annotations

from ..design import Factor, Primary, Profile, Prompt, Study, Value, Workload
from ..design.declare import bundles, exclusions, subset
from ..models import GEMMA_3_270M, GPT2_SHAPES, SMOLLM2_135M, TITLES

_ENGINES: dict[str, dict[str, Value]] = {
    "pytorch": {"backend": "pytorch"},
    "onnxruntime": {"backend": "onnx_runtime"},
    "llama.cpp": {"backend": "llama_cpp"},
    "pytorch-gpu": {"backend": "pytorch", "device": "cuda", "precision": "fp16"},
    "onnxruntime-gpu": {"backend": "onnx_runtime", "provider": "cuda"},
}
_PUBLISHED = (SMOLLM2_135M.name, GEMMA_3_270M.name)
_ON_CPU = ("pytorch", "onnxruntime", "llama.cpp")
_TEXT = (
    "The ferry leaves at seven, unless the fog is thick, and then it leaves when the captain has finished his coffee.",
    "Nobody on the quay has ever seen him hurry, although his clock is said to be seven minutes slow and never to stop",
    "Twelve boats leave the harbour before sunrise and come back at noon with fish and letters and news of the islands",
)
_LENGTH = 112
"""Characters of each prompt, which are as many tokens; the prefix adds ten."""


def _against_pytorch(name: str, metric: str, engine: str) -> Primary:
    """An engine against eager PyTorch, over all shapes."""
    return Primary(name, metric, "arm", engine, "pytorch", within=_WITHIN[metric])


def _depth(name: str, engine: str) -> Primary:
    """Five million parameters in twelve layers against five times as many in three: what layers cost by themselves."""
    return Primary(name, "decode_step", "model", "gpt2-5m", "gpt2-25m", (("arm", engine),), "pooled")


_WITHIN = {"prefill_latency": "median", "decode_step": "pooled"}
_SAID = (
    ("pytorch", "PyTorch"),
    ("onnxruntime", "ONNX Runtime"),
    ("pytorch-gpu", "PyTorch on a GPU"),
    ("onnxruntime-gpu", "ONNX Runtime on a GPU"),
)

STUDY = Study(
    id="tr121",
    title="Model Scaling",
    question="How does latency grow with size?",
    backend="pytorch",
    factors=(
        Factor("model", (*GPT2_SHAPES, *_PUBLISHED), "model", meaning="shape, or published model", words=TITLES),
        Factor("arm", tuple(_ENGINES), meaning="engine and device", title="engine", words=_SAID),
        Factor("threads", ("1", "all"), "threads", "threads", "threads of the engine"),
        Factor("max_tokens", (8, 32, 64, 128), None, "tokens", "tokens generated", "output tokens"),
    ),
    exclusions=exclusions("model", "arm", dict.fromkeys(_PUBLISHED, ("llama.cpp",)), _ENGINES),
    bundles=bundles(arm=_ENGINES),
    fixed=(("num_ctx", 512), ("temperature", 0.0)),
    workload=Workload(
        prompts=tuple(Prompt(f"ferry-{n}", text[:_LENGTH]) for n, text in enumerate(_TEXT, start=1)), max_tokens=32
    ),
    profiles=(
        Profile(
            "smoke",
            runs=1,
            subset=subset(model=("gpt2-0.1m", "gpt2-5m"), arm=_ON_CPU, threads=("all",), max_tokens=(8,)),
            run_timeout_s=300.0,
        ),
        Profile(
            "quick",
            runs=8,
            subset=subset(arm=_ON_CPU, threads=("all",), max_tokens=(32,)),
            run_timeout_s=300.0,
        ),
        Profile("full", runs=8, run_timeout_s=900.0),
    ),
    metrics=(
        "prefill_latency",
        "decode_step",
        "e2e_kv",
        "server_output_tokens",
        "prompt_tokens",
        "load_time",
        "export_time",
        "weight_bytes",
        "copy_bandwidth",
        "read_bandwidth",
    ),
    primaries=(
        _against_pytorch("onnx-prefill", "prefill_latency", "onnxruntime"),
        _against_pytorch("onnx-decode", "decode_step", "onnxruntime"),
        _against_pytorch("llama-prefill", "prefill_latency", "llama.cpp"),
        _against_pytorch("llama-decode", "decode_step", "llama.cpp"),
        _depth("depth-pytorch", "pytorch"),
        _depth("depth-llama", "llama.cpp"),
    ),
    sessions=8,
)
