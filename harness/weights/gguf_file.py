"""The GGUF file of any model that llama.cpp can load."""

from __future__ import annotations

from pathlib import Path

from ..models import GPT2_SOURCE, Model
from .gpt2_gguf import written
from .locate import locate


def gguf_file(model: Model) -> Path:
    """A published file, verified, or one written from seeded weights. Raises ``EngineFailed``."""
    return written(model) if model.source == GPT2_SOURCE else locate(model)
