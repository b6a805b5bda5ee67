"""The GPT-2 family by architecture: seeded random weights, never trained, for questions of speed alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..models import GPT2_SHAPES, GPT2_SOURCE, Model

if TYPE_CHECKING:
    from transformers import PreTrainedModel

SOURCE = GPT2_SOURCE
SEED = 42


def build(model: Model) -> PreTrainedModel:
    """The architecture of ``model`` in fp32; the same weights in every process."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    layers, width, heads = GPT2_SHAPES[model.name]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        return GPT2LMHeadModel(GPT2Config(n_layer=layers, n_embd=width, n_head=heads))
