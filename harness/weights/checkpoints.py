"""Weights for in-process engines: a GGUF file dequantised once into safetensors, or a seeded architecture.

Reading a GGUF through transformers takes tens of seconds; the converted checkpoint, kept by the digest of its file,
takes one or two.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..models import Model
from . import gpt2
from .locate import cache_folder, locate
from .made_once import made_once

if TYPE_CHECKING:
    from transformers import PreTrainedModel

TOKENIZER = "tokenizer.json"


def load(model: Model, dtype: str = "float32") -> PreTrainedModel:
    """The model in evaluation mode on the processor. Raises ``EngineFailed`` where its weights are not installed."""
    import torch

    wanted = getattr(torch, dtype)
    with quiet():
        if model.source == gpt2.SOURCE:
            return gpt2.build(model).to(wanted).eval()
        from transformers import AutoModelForCausalLM

        return AutoModelForCausalLM.from_pretrained(str(folder(model)), dtype=wanted, local_files_only=True).eval()


def folder(model: Model) -> Path:
    """Where the converted checkpoint of a GGUF lies; converts it if nobody has."""
    source = locate(model)
    digest = (model.sha256 or "")[:16]
    place = cache_folder() / "checkpoints" / f"{model.name}-{digest}-transformers-{version('transformers')}"
    return made_once(place, lambda fresh: _convert(source, fresh))


def _convert(source: Path, fresh: Path) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    asked: dict[str, Any] = {"gguf_file": source.name, "local_files_only": True}
    plain = AutoModelForCausalLM.from_pretrained(str(source.parent), dtype="float32", **asked)
    plain.hf_quantizer = None
    del plain.config.quantization_config
    plain.save_pretrained(fresh)
    AutoTokenizer.from_pretrained(str(source.parent), **asked).save_pretrained(fresh)


@contextmanager
def quiet() -> Iterator[None]:
    """transformers without progress bars, advice and network."""
    os.environ.update(HF_HUB_OFFLINE="1", TQDM_DISABLE="1")
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
