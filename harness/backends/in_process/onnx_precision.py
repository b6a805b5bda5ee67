"""The number format of an exported graph, and the evidence that it computes in it."""

from __future__ import annotations

import logging
import warnings
from collections import Counter
from math import prod
from pathlib import Path

from filelock import FileLock

from .onnx_export import GRAPH, Exported, publish

PRECISIONS = ("fp32", "fp16", "int8")


def quantised(made: Exported) -> Path:
    """The graph with int8 weights, made once; activations are quantised call by call."""
    place = Path(f"{made.folder}-int8")
    with FileLock(f"{place}.lock"):
        if not place.exists():
            publish(place, lambda fresh: _quantise(made.graph, fresh / GRAPH))
    return place / GRAPH


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
    for tensor in onnx.load(str(graph), load_external_data=False).graph.initializer:
        counts[onnx.TensorProto.DataType.Name(tensor.data_type).lower()] += prod(tensor.dims)
    total = sum(counts.values()) or 1
    names = {"float": "float32"}
    return ", ".join(
        f"{names.get(name, name)} {count / total:.0%}" for name, count in counts.most_common() if count / total >= 0.005
    )
