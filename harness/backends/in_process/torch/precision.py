"""The number format that a PyTorch model computes in, and the evidence that it does."""

from __future__ import annotations

import warnings
from collections import Counter
from typing import TYPE_CHECKING, Any

from ....models import Model
from ....outcomes import Code, unsupported
from ....protocols import EngineFailed
from ....weights.checkpoints import load
from ....weights.formats import shares

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

DTYPES = {"fp32": "float32", "bf16": "bfloat16", "fp16": "float16", "int8": "float32"}
PRECISIONS = tuple(DTYPES)


def with_precision(model: Model, precision: str, device: str) -> Module:
    """The model on ``device``; int8 quantises the weights of linear layers, and activations call by call."""
    if precision == "int8" and device != "cpu":
        detail = "PyTorch quantises dynamically on the processor alone; choose another precision or device cpu"
        raise EngineFailed(unsupported(Code.SETTING_REJECTED, detail))
    loaded: Module = load(model, DTYPES[precision])
    return _quantised(linear_throughout(loaded)) if precision == "int8" else loaded.to(device)


def linear_throughout(module: Module) -> Module:
    """``module`` with each ``Conv1D`` of the GPT-2 family as the ``Linear`` that it is, the only kind quantised."""
    from transformers.pytorch_utils import Conv1D

    for parent in list(module.modules()):
        for name, part in list(parent.named_children()):
            if isinstance(part, Conv1D):
                setattr(parent, name, _linear(part))
    return module


def _linear(part: Any) -> Module:
    import torch

    made = torch.nn.Linear(*part.weight.shape, device="meta")
    made.weight = torch.nn.Parameter(part.weight.detach().T.contiguous())
    made.bias = part.bias
    return made


def _quantised(module: Module) -> Module:
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        quantised: Module = torch.ao.quantization.quantize_dynamic(module, {torch.nn.Linear}, dtype=torch.qint8)
    return quantised


def weights_dtype(module: Module) -> str:
    """The formats of all weights with their share of the elements, such as ``qint8 79%, float32 21%``."""
    counts: Counter[str] = Counter()
    for tensor in _tensors(module):
        counts[str(tensor.dtype).removeprefix("torch.")] += tensor.numel()
    return shares(counts)


def weights_bytes(module: Module) -> int:
    """Bytes of all weights, each once."""
    return sum(tensor.numel() * tensor.element_size() for tensor in _tensors(module))


def _tensors(module: Module) -> list[Tensor]:
    found: list[Tensor] = list(module.parameters())
    for part in module.modules():
        packed = getattr(part, "_packed_params", None)
        weight = getattr(part, "weight", None)
        if packed is not None and callable(weight):
            found.append(weight())
    return found
