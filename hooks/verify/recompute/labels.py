"""Judges labels again: does what a run recorded of a mechanism agree with what its label says?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..reader.dataset import USABLE

PROVEN, CONTRADICTED, SILENT = "proven", "contradicted", "without evidence"
VERDICTS = (PROVEN, CONTRADICTED, SILENT)
SAME_NAME = ("generation", "model", "num_ctx", "shapes")
LABELS = (*SAME_NAME, "compile", "device", "num_gpu", "precision", "provider", "threads")
FORMATS = {"fp32": "float32", "bf16": "bfloat16", "fp16": "float16", "int8": "int8"}
Row = Mapping[str, Any]


def labels(rows: Sequence[Row]) -> Iterator[tuple[str, str, str]]:
    """Label, level and verdict of every label of every usable run; ``rows`` are those of the table of runs."""
    for row in rows:
        if row["outcome"] in USABLE:
            recorded = {**json.loads(row["facts"] or "{}"), **json.loads(row["effective"] or "{}")}
            for name, level in json.loads(row["requested"] or "{}").items():
                if name in LABELS:
                    yield name, written(level), _verdict(name, level, recorded)


def written(level: object) -> str:
    """A level as the page writes it."""
    return json.dumps(level) if isinstance(level, bool) else str(level)


def _verdict(name: str, level: Any, recorded: Row) -> str:
    agrees = _agrees(name, level, recorded)
    if agrees is None:
        return SILENT
    return PROVEN if agrees else CONTRADICTED


def _agrees(name: str, level: Any, recorded: Row) -> bool | None:
    """Null where the records do not say."""
    evidence = {"compile": "evidence.graphs", "num_gpu": "layers_offloaded", "precision": "weights_dtype"}
    found = recorded.get(evidence.get(name, name))
    if found is None:
        return None
    if name in SAME_NAME:
        return str(found) == str(level)
    if name == "compile":
        on_device = bool(recorded.get("evidence.cudagraphs"))
        kept = bool(found and on_device) if level == "reduce-overhead" else bool(found) == (level != "none")
        return kept and not recorded.get("evidence.eager_passes")
    if name == "device":
        return bool((found == "cpu") == (level == "cpu"))
    if name == "provider":
        return str(found).lower().startswith(str(level))
    return _amount(name, level, found, recorded)


def _amount(name: str, level: Any, found: Any, recorded: Row) -> bool | None:
    if name == "num_gpu":
        layers = recorded.get("model_layers")
        return bool(found == level or (layers is not None and level > layers <= found))
    if name == "precision":
        wanted = FORMATS.get(str(level), str(level))
        return (wanted if level == "int8" else f"{wanted} 100%") in str(found)
    if level == "all":
        allowed = recorded.get("cpus_allowed")
        return None if allowed is None else str(found) == str(allowed)
    return str(found) == str(level)
