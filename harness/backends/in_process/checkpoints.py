"""Weights for in-process engines: a GGUF file dequantised once into safetensors, or a seeded architecture.

Reading a GGUF through transformers takes tens of seconds; the converted checkpoint, kept by the digest of its file,
takes one or two.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from ...models import Model
from ..weights import cache_folder, locate
from . import gpt2

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
    if place.exists():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{place}.lock"):
        if not place.exists():
            _convert(source, place)
    return place


def _convert(source: Path, place: Path) -> None:
    """Writes beside ``place``, then renames: another process sees nothing or the whole."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    asked: dict[str, Any] = {"gguf_file": source.name, "local_files_only": True}
    fresh = Path(tempfile.mkdtemp(dir=place.parent, prefix=".writing-"))
    try:
        plain = AutoModelForCausalLM.from_pretrained(str(source.parent), dtype="float32", **asked)
        plain.hf_quantizer = None
        del plain.config.quantization_config
        plain.save_pretrained(fresh)
        AutoTokenizer.from_pretrained(str(source.parent), **asked).save_pretrained(fresh)
        fresh.replace(place)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


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
