"""The number format of an exported graph, and the evidence that it computes in it."""

from __future__ import annotations

import hashlib
import logging
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from pathlib import Path

from ....weights.formats import shares
from .calibration import Examples
from .exported_graph import GRAPH, Derived, Exported
from .made_graph import Facts, made_graph
from .session_graph import runtime

PRECISIONS = ("fp32", "fp16", "int8", "int8-static")
QUANTISED = ("int8", "int8-static")
_NAMES = {"float": "float32"}


def quantised(made: Exported, precision: str, calibrating: list[int]) -> Derived:
    """The graph with int8 weights, made once. Activations are quantised call by call, or with ``int8-static`` by the
    ranges that they have on the tokens ``calibrating``. Raises ``EngineFailed``."""
    seen = hashlib.sha256(repr(calibrating).encode()).hexdigest()[:8] if calibrating else ""
    place = Path("-".join(filter(None, (made.folder, precision, seen, runtime()))))
    about = made_graph(place, lambda fresh: _quantise(made, fresh / GRAPH, precision, calibrating))
    return Derived(place / GRAPH, float(about["seconds"]))


def _quantise(made: Exported, target: Path, precision: str, calibrating: list[int]) -> Facts:
    from onnxruntime.quantization import QuantType, quantize_dynamic, quantize_static

    with _quiet():
        if precision == "int8":
            quantize_dynamic(made.graph, target, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"])
        else:
            quantize_static(
                made.graph,
                target,
                Examples(made, calibrating),
                op_types_to_quantize=["MatMul"],
                activation_type=QuantType.QUInt8,
                weight_type=QuantType.QInt8,
                extra_options={"MatMulConstBOnly": True},
            )
    return {}


@contextmanager
def _quiet() -> Iterator[None]:
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
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
