"""TR108: which settings matter for one request?

``num_gpu`` and ``num_ctx`` keep Ollama's names, under which the earlier series published them.
"""

from __future__ import annotations

from ..design import Factor, Primary, Profile, Prompt, Study, Workload
from ..design.declare import subset
from ..models import GEMMA_3_270M, SMOLLM2_135M, TITLES

STUDY = Study(
    id="tr108",
    title="Single-Inference Performance",
    question="Which settings matter for one request?",
    backend="llama_cpp",
    factors=(
        Factor(
            "model",
            (GEMMA_3_270M.name, SMOLLM2_135M.name),
            "model_sha256",
            meaning="model and quantisation",
            words=TITLES,
        ),
        Factor(
            "num_gpu",
            (0, 20, 40, 60, 80, 120, 999),
            "layers_offloaded",
            "layers",
            "layers asked onto the GPU",
            "layers for a GPU",
        ),
        Factor(
            "num_ctx", (256, 512, 1024, 2048, 4096), "num_ctx", "tokens", "context window asked for", "context window"
        ),
        Factor("temperature", (0.2, 0.4, 0.6, 0.8, 1.0), "temperature", "", "sampling temperature"),
        Factor("threads", ("1", "2", "all"), "threads", "threads", "threads of the engine"),
    ),
    workload=Workload(
        prompts=(
            Prompt("morning", "Good morning! Tell me something funny about your very first cup of coffee."),
            Prompt("robot", "Why did the robot bring a ladder to the stand-up comedy night?"),
            Prompt("cat", "My cat judges me every single day; what is it really thinking?"),
            Prompt("weather", "The weather is so dull today that even the clouds look bored."),
            Prompt("pirate", "Answer like a cheerful pirate: what is the best treasure on land?"),
        ),
        max_tokens=32,
    ),
    profiles=(
        Profile(
            "smoke",
            runs=6,
            subset=subset(num_gpu=(0, 80), num_ctx=(512,), temperature=(0.8,), threads=("all",)),
            max_tokens=16,
        ),
        Profile(
            "quick",
            runs=6,
            subset=subset(num_gpu=(0, 80), num_ctx=(512, 2048), temperature=(0.2, 0.8), threads=("1", "2")),
            max_tokens=16,
        ),
        Profile("full", runs=6),
    ),
    metrics=("ttft", "tpot", "itl", "e2e_latency", "decode_tps", "server_decode_tps", "load_time"),
    primaries=(
        Primary("threads-gemma", "tpot", "threads", "2", "1", (("model", GEMMA_3_270M.name),)),
        Primary("threads-smollm2", "tpot", "threads", "2", "1", (("model", SMOLLM2_135M.name),)),
        Primary("num-gpu", "tpot", "num_gpu", 80, 0),
        Primary("num-ctx", "tpot", "num_ctx", 2048, 512),
        Primary("temperature", "tpot", "temperature", 0.8, 0.2),
    ),
    sessions=8,
)
