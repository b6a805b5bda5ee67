"""The number format of an exported graph, and the evidence that it computes in it."""

from __future__ import annotations

import logging
import warnings
from collections import Counter
from math import prod
from pathlib import Path

from ....weights.formats import shares
from ....weights.made_once import made_once
from .exported_graph import GRAPH, Exported

PRECISIONS = ("fp32", "fp16", "int8")
_NAMES = {"float": "float32"}


def quantised(made: Exported) -> Path:
    """The graph with int8 weights, made once; activations are quantised call by call."""
    place = Path(f"{made.folder}-int8")
    return made_once(place, lambda fresh: _quantise(made.graph, fresh / GRAPH)) / GRAPH


def _quantise(source: Path, target: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            quantize_dynamic(source, target, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"])
    finally:
        logging.disable(logging.NOTSET)


def weights_dtype(graph: Path) -> str:
    """The formats of all weights with their share of the elements, such as ``int8 79%, float32 21%``."""
    import onnx

    counts: Counter[str] = Counter()
    for kind, size in _weights(graph):
        name = onnx.TensorProto.DataType.Name(kind).lower()
        counts[_NAMES.get(name, name)] += size
    return shares(counts)


def weights_bytes(graph: Path) -> int:
    """Bytes of all weights."""
    from onnx.helper import tensor_dtype_to_np_dtype

    return sum(size * tensor_dtype_to_np_dtype(kind).itemsize for kind, size in _weights(graph))


def _weights(graph: Path) -> list[tuple[int, int]]:
    """The format and the number of elements of each weight."""
    import onnx

    loaded = onnx.load(str(graph), load_external_data=False).graph
    return [(tensor.data_type, prod(tensor.dims)) for tensor in loaded.initializer]
