"""What dynamic quantisation reaches in the GPT-2 family, whose layers are ``Conv1D`` and not ``Linear``."""

from __future__ import annotations

import copy

from harness.backends.in_process.torch.precision import linear_throughout, with_precision
from harness.models import MODELS
from harness.weights.gpt2 import build

SMALL = MODELS["gpt2-5m"]


def test_int8_leaves_nothing_but_embeddings_and_vectors_in_full_precision() -> None:
    module = with_precision(SMALL, "int8", "cpu")
    kept = {name for name, parameter in module.named_parameters() if parameter.ndim > 1}
    assert kept == {"transformer.wte.weight", "transformer.wpe.weight"}


def test_a_layer_written_otherwise_computes_the_same() -> None:
    import torch

    plain = build(SMALL).eval()
    rewritten = linear_throughout(copy.deepcopy(plain))
    kinds = {type(part).__name__ for part in rewritten.modules()}
    assert "Linear" in kinds
    assert "Conv1D" not in kinds
    ids = torch.arange(1, 20)[None]
    with torch.inference_mode():
        assert torch.allclose(plain(input_ids=ids).logits, rewritten(input_ids=ids).logits, atol=1e-5)
