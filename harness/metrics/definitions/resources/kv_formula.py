"""The key-value cache by its formula: 2 · layers · heads · width of a head · bytes of a number, for each cell.

The shape of the model and the cells of each cache are what the engine tells when it loads them; its report of the bytes
(``kv_cache``) is another statement. Layers whose attention slides have a cache of their own, which stops growing at the
window and a batch. What a quantised number takes counts the scale of its block.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from ....outcomes import Missing
from ....units import BYTES, MIB
from ...columns import usable
from ...definition import Evaluated, RunMetric, evaluated

KV_BYTES = {"f16": 2.0, "q8_0": 34 / 32, "q4_0": 18 / 32}
"""Bytes of a number: two, and blocks of 32 numbers that share a scale of two bytes."""

Said = Mapping[str, Any]


def _computed(compute: Callable[[Said], float], scale: float) -> Callable[[pa.Table], Evaluated]:
    """A metric from what the engine of each run says; a run whose engine leaves something out has no value."""

    def of(runs: pa.Table) -> Evaluated:
        said = [json.loads(text) if text else {} for text in runs["effective"].to_pylist()]
        values = np.array([_or_nan(compute, one) for one in said], np.float64) / scale
        failed = ~usable(runs["outcome"])
        return evaluated(values, (failed, Missing.RUN_FAILED), (~np.isfinite(values), Missing.NOT_REPORTED))

    return of


def _or_nan(compute: Callable[[Said], float], said: Said) -> float:
    try:
        return float(compute(said))
    except (KeyError, TypeError, ZeroDivisionError):
        return float("nan")


def _of_cells(said: Said) -> float:
    cells = said["kv_cells"] * said["kv_layers"]
    if said.get("kv_sliding_cells") is not None:
        cells += said["kv_sliding_cells"] * said["kv_sliding_layers"]
    return float(cells * _of_one(said))


def _of_whole_context(said: Said) -> float:
    return float(said["num_ctx"] * said["model_layers"] * _of_one(said))


def _of_one(said: Said) -> float:
    """Bytes of one cell of one layer: a key and a value of each head."""
    width = said["kv_head_dim_k"] + said["kv_head_dim_v"]
    return float(said["kv_heads"] * width * KV_BYTES[said["kv_type"]])


def _per_token(said: Said) -> float:
    return float((said["kv_bytes"] + (said.get("kv_sliding_bytes") or 0)) / said["num_ctx"])


_TOLD = "runs of engines that tell their caches, of known number formats, and the shape of their model; one slot"

KV_FORMULA = RunMetric(
    id="kv_formula",
    name="key-value cache by its formula",
    unit=MIB,
    formula="heads · (width of a key + width of a value) · bytes of a number · layers · cells, of all caches",
    applicability=_TOLD,
    higher_is_better=None,
    compute=_computed(_of_cells, MIB.scale),
)
KV_FULL = RunMetric(
    id="kv_full",
    name="key-value cache in which every layer keeps the whole context, by its formula",
    unit=MIB,
    formula="heads · (width of a key + width of a value) · bytes of a number · all layers · context",
    applicability=_TOLD,
    higher_is_better=None,
    compute=_computed(_of_whole_context, MIB.scale),
)
KV_PER_TOKEN = RunMetric(
    id="kv_per_token",
    name="bytes of the key-value cache for each token of the context",
    unit=BYTES,
    formula="bytes of all caches by the engine's report ÷ context",
    applicability=_TOLD,
    higher_is_better=False,
    compute=_computed(_per_token, BYTES.scale),
)
