"""TR118: what do exported engines gain, with what accuracy?

One model's weights as a PyTorch module, compiled, and as a graph with its cache in ONNX Runtime: optimised and not, in
full precision and quantised. Graphs of published models are kept between runs; those of the untrained shapes are
exported anew in every run, so that the price of exporting is measured as often as what it buys. The shapes are for
questions of speed alone.
"""

from __future__ import annotations

from ..design import Factor, Primary, Profile, Study, Value, Workload
from ..design.declare import Limits, bundles, exclusions, gates, grouped_prompts, subset
from ..models import GEMMA_3_270M, GPT2_SHAPES, SMOLLM2_135M, TITLES

_ONNX: dict[str, Value] = {"backend": "onnx_runtime", "provider": "cpu"}
_ARMS: dict[str, tuple[dict[str, Value], tuple[Value, ...]]] = {
    "pytorch": ({"backend": "pytorch"}, ("fp32",)),
    "pytorch-compile": ({"backend": "pytorch", "compile": "default"}, ("fp32",)),
    "onnxruntime": ({**_ONNX, "optimisation": "all"}, ("fp32", "int8", "int8-static")),
    "onnxruntime-extended": ({**_ONNX, "optimisation": "extended"}, ("fp32",)),
    "onnxruntime-basic": ({**_ONNX, "optimisation": "basic"}, ("fp32",)),
    "onnxruntime-none": ({**_ONNX, "optimisation": "none"}, ("fp32",)),
    "onnxruntime-anew": ({**_ONNX, "optimisation": "all", "export_cache": False}, ("fp32",)),
    "onnxruntime-cuda": ({"backend": "onnx_runtime", "provider": "cuda"}, ("fp32",)),
    "tensorrt": ({"backend": "tensorrt"}, ("fp32", "fp16")),
}
"""Settings of each arm, and the precisions that it computes in. The last part of an ONNX arm is how far the graph was
optimised, where that is not all the way; that it is exported anew in each run; or its device."""
_ENGINES = (
    ("pytorch", "PyTorch"),
    ("pytorch-compile", "PyTorch compiled"),
    ("onnxruntime", "ONNX Runtime"),
    ("onnxruntime-extended", "ONNX Runtime with extended optimisation"),
    ("onnxruntime-basic", "ONNX Runtime with basic optimisation"),
    ("onnxruntime-none", "ONNX Runtime without optimisation"),
    ("onnxruntime-anew", "ONNX Runtime exported anew"),
    ("onnxruntime-cuda", "ONNX Runtime on a GPU"),
    ("tensorrt", "TensorRT"),
)
_PRECISIONS: dict[str, dict[str, Value]] = {
    name: {"precision": name} for name in ("fp32", "fp16", "int8", "int8-static")
}
_GATES: dict[str, Limits] = {
    "fp32": (1.01, 99.0, 0.001),
    "fp16": (1.02, 98.0),
    "int8": (1.25, 85.0),
    "int8-static": (1.25, 85.0),
}
_SCENARIOS: dict[str, dict[str, Value]] = {
    "short": {"prompts": "short", "max_tokens": 16},
    "medium": {"prompts": "medium", "max_tokens": 32},
}
_QUAY = (
    "The ferry leaves at seven, unless the fog is thick, and then it leaves when the captain has finished his coffee, "
    "which nobody on the quay has ever seen him hurry. "
)
_PROMPTS = grouped_prompts(
    short=(
        "What does a captain drink before the ferry leaves at seven?",
        "Why is the clock on the quay seven minutes slow every day?",
        "Who has ever seen the captain of the small ferry hurry up?",
    ),
    medium=(
        f"{_QUAY}What would you ask him while you wait for the fog to lift?",
        f"{_QUAY}Describe the quay to somebody who has never seen the sea.",
        f"{_QUAY}Write down what the passengers say to one another meanwhile.",
    ),
)
_TRAINED = (SMOLLM2_135M.name, GEMMA_3_270M.name)
_OF_SHAPES = ("pytorch", "onnxruntime-anew", "onnxruntime-cuda", "tensorrt")
_ON_TRAINED = tuple(arm for arm in _ARMS if arm != "onnxruntime-anew")
_QUICK_ARMS = tuple(arm for arm in _ARMS if arm not in ("onnxruntime-extended", "onnxruntime-basic"))
_WITHIN = {"prefill_latency": "median", "settled_decode_step": "pooled"}


def _primary(name: str, metric: str, arm: str, reference: str, model: str = SMOLLM2_135M.name) -> Primary:
    """One arm against another in full precision."""
    where = (("model", model), ("precision", "fp32"))
    return Primary(name, metric, "arm", arm, reference, where, within=_WITHIN[metric])


STUDY = Study(
    id="tr118",
    title="ONNX Runtime + TensorRT",
    question="What do exported engines gain, with what accuracy?",
    backend="onnx_runtime",
    factors=(
        Factor(
            "model", (*GPT2_SHAPES, *_TRAINED), "model", meaning="untrained shape, or published model", words=TITLES
        ),
        Factor("arm", tuple(_ARMS), None, "", "engine, device, way of compiling or optimising", "engine", _ENGINES),
        Factor(
            "precision",
            tuple(_PRECISIONS),
            "precision",
            meaning="number format of the weights that compute",
            words=(("int8-static", "static int8"),),
        ),
        Factor("scenario", tuple(_SCENARIOS), meaning="length of prompts and outputs"),
        Factor("batch", (1, 4), "batch", "rows", "copies of the sequence in one pass"),
        Factor("threads", ("all", "1"), "threads", "threads", "threads of the engine"),
    ),
    exclusions=(
        *exclusions("arm", "precision", {arm: kept for arm, (_, kept) in _ARMS.items()}, _PRECISIONS),
        *exclusions("model", "arm", dict.fromkeys(GPT2_SHAPES, _OF_SHAPES), _ARMS),
        *exclusions("model", "arm", dict.fromkeys(_TRAINED, _ON_TRAINED), _ARMS),
    ),
    bundles=bundles(
        arm={arm: settings for arm, (settings, _) in _ARMS.items()}, precision=_PRECISIONS, scenario=_SCENARIOS
    ),
    fixed=(("num_ctx", 512), ("temperature", 0.0), ("scored_tokens", 2048)),
    gates=gates(**_GATES),
    workload=Workload(_PROMPTS, max_tokens=16, warmup=2),
    profiles=(
        Profile(
            "smoke",
            runs=1,
            subset=subset(
                model=("gpt2-0.1m",),
                arm=_OF_SHAPES,
                precision=("fp32",),
                scenario=("short",),
                batch=(1,),
                threads=("all",),
            ),
            run_timeout_s=300.0,
        ),
        Profile(
            "quick",
            runs=8,
            subset=subset(
                model=("gpt2-0.1m", "gpt2-5m", "gpt2-25m", SMOLLM2_135M.name),
                arm=_QUICK_ARMS,
                precision=("fp32", "int8", "int8-static"),
                scenario=("short",),
                batch=(1,),
                threads=("all",),
            ),
            run_timeout_s=600.0,
        ),
        Profile("full", runs=8, run_timeout_s=1200.0),
    ),
    metrics=(
        "prefill_latency",
        "decode_step",
        "settled_decode_step",
        "e2e_kv",
        "perplexity",
        "greedy_agreement",
        "logit_difference",
        "load_time",
        "compile_time",
        "export_time",
        "quantise_time",
        "optimise_time",
        "build_time",
        "disk_size",
        "graph_nodes",
        "fallback_nodes",
    ),
    primaries=(
        _primary("onnx-prefill", "prefill_latency", "onnxruntime", "pytorch"),
        _primary("onnx-decode", "settled_decode_step", "onnxruntime", "pytorch"),
        _primary("compiled-decode", "settled_decode_step", "pytorch-compile", "pytorch"),
        _primary("unoptimised-decode", "settled_decode_step", "onnxruntime-none", "onnxruntime"),
        _primary("smallest-decode", "settled_decode_step", "onnxruntime-anew", "pytorch", "gpt2-0.1m"),
        _primary("larger-decode", "settled_decode_step", "onnxruntime-anew", "pytorch", "gpt2-25m"),
    ),
    sessions=8,
)
