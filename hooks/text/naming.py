"""How levels and facts are written, and the names of what the report template places itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from harness.datasets.manifest import ModelEntry
from harness.design import level_text as level_text
from harness.models import MODELS

PLACED = (
    "factors",
    "design",
    "environment",
    "models",
    "lengths",
    "primaries",
    "outcomes",
    "flags",
    "audit",
    "effective",
    "files",
    "circumstances",
)
"""The tables that the report template places itself."""


def engine_text(name: str) -> str:
    """An engine, by its name in a design, as a reader knows it."""
    return "llama.cpp" if name == "llama_cpp" else name.replace("_", " ")


def model_text(model: ModelEntry) -> str:
    """A model of a dataset as a reader knows it: what the registry calls these very weights, else its own name."""
    known = MODELS.get(model.name)
    alike = known is not None and model.sha256 is not None and known.sha256 == model.sha256
    name = known.title if known is not None and alike and known.title else model.name
    return f"{name} (untrained)" if "untrained" in (model.family or "") else name


def model_names(models: Iterable[ModelEntry]) -> dict[str, tuple[str, ...]]:
    """What a reader knows models by, by their own names: one without a digest is taken for another of its name that has
    one."""
    found: dict[str, dict[str, None]] = {}
    for model in sorted(models, key=lambda one: one.sha256 is None):
        texts = found.setdefault(model.name, {})
        if model.sha256 is not None or not texts:
            texts[model_text(model)] = None
    return {name: tuple(texts) for name, texts in found.items()}


def models_text(models: Sequence[ModelEntry]) -> str:
    """The models of datasets in words, each once."""
    named = model_names(models)
    return ", ".join(dict.fromkeys(text for model in models for text in named[model.name]))


_LAYERS = re.compile(r"\d+ layers for a GPU(?:, | and )")


def without_layers(words: str) -> str:
    """A configuration in words without the layers for a GPU that it asks for."""
    return _LAYERS.sub("", words)


def slug(level: object) -> str:
    """A level or a name as lower-case words, for names of findings and claims."""
    return re.sub(r"[^a-z0-9]+", "-", level_text(level).lower()).strip("-")


def fact_text(name: str, fact: object) -> str:
    """A fact of an environment with its unit."""
    if name.endswith("_bytes") and isinstance(fact, int):
        return f"{fact / 2**30:.1f}\u00a0GiB"
    return f"{fact}\u00a0ns" if name.endswith("_ns") else str(fact)


def listed(words: Iterable[str]) -> str:
    """Words as a sentence lists them: ``a``, ``a and b``, ``a, b and c``."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
