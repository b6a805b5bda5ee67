"""One ONNX graph for prefill and cached decoding, exported once for each model and kept by what it depends on.

Inputs: ``input_ids (rows, n)``, ``keep (k,)`` (places whose logits are wanted) and, for each layer, ``past`` keys and
values ``(rows, heads, past, width)``, where ``past`` is 0 in prefill. Outputs: ``logits (rows, k, vocabulary)`` and the
new keys and values of all layers. An export is published by renaming its folder, so that nobody ever meets half of one.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path
from time import monotonic_ns
from typing import TYPE_CHECKING

import numpy as np

from ....canonical_json import canonical_json
from ....models import Model
from ....outcomes import Code, failed, unsupported
from ....protocols import EngineFailed
from ....weights.checkpoints import load, quiet
from ....weights.locate import cache_folder
from ..exceptions import cause_of
from .exported_graph import GRAPH, Exported
from .made_graph import Facts, made_graph

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

FORMAT = 2
TOLD = ("layers", "heads", "width", "export_s", "parity")
"""What is known of an export beside its files."""
PARITY = 1e-3
"""How far a logit may lie from PyTorch's in fp32."""

_PROBE = (5, 9, 12, 80, 33, 7)
_PROBE_STEPS = (3, 4, 100, 8)


def key(model: Model, rows: int = 1) -> str:
    """What an export depends on, as sixteen hex digits: weights, exporter, and the layout of the graph."""
    parts = {
        "model": model.name,
        "weights": model.sha256,
        "format": FORMAT,
        "rows": rows,
        **{package: version(package) for package in ("torch", "transformers", "onnxscript", "onnx")},
    }
    return hashlib.sha256(canonical_json(parts)).hexdigest()[:16]


def kept() -> Path:
    """Where graphs are kept for later runs."""
    return cache_folder() / "onnx"


def exported(model: Model, root: Path | None = None, rows: int = 1) -> Exported:
    """The graph of ``model`` below ``root``, or where graphs are kept; exports it if nobody has.

    Raises ``EngineFailed`` where it cannot be exported, differs from PyTorch, or was altered since.
    """
    place = (root or kept()) / f"{model.name}-{key(model, rows)}"
    about = made_graph(place, lambda fresh: _export(model, fresh, rows), *TOLD)
    del about["seconds"]
    return Exported(folder=str(place), key=key(model, rows), rows=rows, **about)


def _export(model: Model, fresh: Path, rows: int) -> Facts:
    import torch

    began = monotonic_ns()
    module = load(model)
    config = module.config
    layers = int(config.num_hidden_layers)
    heads = int(getattr(config, "num_key_value_heads", None) or config.num_attention_heads)
    width = int(getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads)
    past = [torch.zeros(rows, heads, 8, width) for _ in range(2 * layers)]
    example = torch.tensor([[1, 2, 3, 4]] * rows), torch.tensor([1, 3]), past
    named = [f"{kind}.{i}" for kind in ("past", "present") for i in range(2 * layers)]
    free = torch.export.Dim
    try:
        with quiet(), torch.no_grad():
            program = torch.onnx.export(
                _with_past(module),
                example,
                dynamo=True,
                verbose=False,
                input_names=["input_ids", "keep", *named[: 2 * layers]],
                output_names=["logits", *named[2 * layers :]],
                dynamic_shapes={
                    "ids": {1: free("n")},
                    "keep": {0: free("k")},
                    "past": [{2: free("past")} for _ in past],
                },
            )
            program.save(str(fresh / GRAPH), external_data=True)
    except Exception as error:  # an exporter raises whatever its passes raise; every one means the same
        detail = f"torch.onnx cannot export {model.name}: {cause_of(error)}"
        raise EngineFailed(unsupported(Code.ENGINE_REFUSED, detail)) from error
    export_s = (monotonic_ns() - began) / 1e9
    parity = _parity(module, Exported(str(fresh), "", layers, heads, width, export_s, 0.0, rows))
    if parity > PARITY:
        detail = f"the export of {model.name} differs from PyTorch by {parity:.2g}, more than {PARITY:g}"
        raise EngineFailed(failed(Code.ENGINE_REFUSED, detail))
    return {"layers": layers, "heads": heads, "width": width, "export_s": export_s, "parity": parity}


def _with_past(module: Module) -> Module:
    import torch
    from transformers import DynamicCache

    class WithPast(torch.nn.Module):  # type: ignore[misc] # torch has no types here
        def __init__(self) -> None:
            super().__init__()
            self.inner = module

        def forward(self, ids: Tensor, keep: Tensor, past: list[Tensor]) -> tuple[Tensor, ...]:
            cache = DynamicCache(config=self.inner.config)
            for layer in range(len(past) // 2):
                cache.update(past[2 * layer], past[2 * layer + 1], layer)
            out = self.inner(input_ids=ids, cache=cache, use_cache=True, logits_to_keep=keep)
            return (out.logits, *(tensor for layer in out.cache.layers for tensor in (layer.keys, layer.values)))

    made: Module = WithPast().eval()
    return made


def _parity(module: Module, made: Exported) -> float:
    """The largest difference of a logit in a prefill and in a few cached steps."""
    import torch

    from .session_graph import Graph

    graph = Graph(made, made.graph)
    tokens = list(_PROBE)
    logits, past = graph.run(tokens, [len(tokens) - 1], graph.empty())
    worst = 0.0
    for token in (*_PROBE_STEPS, None):
        with torch.inference_mode():
            true = module(input_ids=torch.tensor([tokens])).logits[0, -1].numpy()
        worst = max(worst, float(np.abs(logits[-1] - true).max()))
        if token is not None:
            tokens.append(token)
            logits, past = graph.run([token], [0], past)
    return worst
