"""The logits of PyTorch in full precision, which those of any other engine are compared with."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

import numpy as np

from ...canonical_json import canonical_json
from ...models import Model
from ...weights.checkpoints import load
from ...weights.locate import cache_folder
from ...weights.made_once import made_once
from .engine import Logits

_FILE = "logits.npy"


def reference_logits(model: Model, tokens: list[int]) -> Logits:
    """The logits after each of ``tokens``, shape ``(len(tokens), vocabulary)``; computed once on a machine and kept."""
    packages = {package: version(package) for package in ("torch", "transformers")}
    parts = {"model": model.name, "weights": model.sha256, "tokens": tokens, **packages}
    digest = hashlib.sha256(canonical_json(parts)).hexdigest()[:16]
    place = cache_folder() / "reference" / f"{model.name}-{digest}"
    made_once(place, lambda fresh: _compute(model, tokens, fresh))
    found: Logits = np.load(place / _FILE)
    return found


def _compute(model: Model, tokens: list[int], fresh: Path) -> None:
    import torch

    with torch.inference_mode():
        logits = load(model)(input_ids=torch.tensor([tokens]), use_cache=False).logits[0]
    np.save(fresh / _FILE, logits.numpy())
