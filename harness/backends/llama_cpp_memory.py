"""What llama.cpp's log says of its memory: weights, key-value cache, compute buffers, and how the cache is made.

Sizes are MiB with two decimals there, and bytes here. A model whose attention slides has two caches: one that grows
with the context and one that does not (``kv_sliding_*``), which holds the window and a batch.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..events import Scalar

KV_TYPES = ("f16", "q8_0", "q4_0")
_MIB = 1 << 20
_BUFFER = re.compile(r"(\S+) +(model|KV|compute|output) buffer size = +([\d.]+) MiB")
_CACHE = re.compile(
    r"llama_kv_cache(?:_iswa)?: (?:creating +(?P<kind>SWA|non-SWA) KV cache"
    r"|size = +(?P<mib>[\d.]+) MiB \( *(?P<cells>\d+) cells, +(?P<layers>\d+) layers, .*K \((?P<key>\w+)\):.*"
    r"V \((?P<value>\w+)\):)"
)
_NUMBERS = {
    "kv_heads": r"n_head_kv += (\d+)",
    "kv_head_dim_k": r"n_embd_head_k += (\d+)",
    "kv_head_dim_v": r"n_embd_head_v += (\d+)",
    "sliding_window": r"n_swa += (\d+)",
    "batch": r"n_ubatch += (\d+)",
}


class Cache(NamedTuple):
    """One key-value cache: ``sliding`` for the layers whose attention slides."""

    sliding: bool
    size: int
    cells: int
    layers: int
    kind: str


def memory_of(log: str) -> dict[str, Scalar]:
    """Effective settings; null where the log does not say."""
    whole, sliding = ([cache for cache in _caches(log) if cache.sliding is slides] for slides in (False, True))
    loaded = re.search(r"load_mode = (\w+)", log)
    flash = re.findall(r"flash_attn += (\w+)|Flash Attention was auto, set to (\w+)", log)
    return {
        **{name: _number(pattern, log) for name, pattern in _NUMBERS.items()},
        "load_mode": loaded[1] if loaded else None,
        "flash_attention": (flash[-1][0] or flash[-1][1]) if flash else None,
        "kv_type": ", ".join(sorted({cache.kind for cache in (*whole, *sliding)})) or None,
        **_told("kv", whole),
        **_told("kv_sliding", sliding),
        "mapped_bytes": _buffers(log, "model", mapped=True),
        "copied_bytes": _buffers(log, "model", mapped=False),
        "compute_bytes": _buffers(log, "compute"),
        "output_bytes": _buffers(log, "output"),
    }


def _caches(log: str) -> list[Cache]:
    found, sliding = [], False
    for line in _CACHE.finditer(log):
        if line["kind"]:
            sliding = line["kind"] == "SWA"
            continue
        kinds = line["key"] if line["key"] == line["value"] else f"{line['key']} and {line['value']}"
        size = round(float(line["mib"]) * _MIB)
        found.append(Cache(sliding, size, int(line["cells"]), int(line["layers"]), kinds))
    return found


def _told(name: str, caches: list[Cache]) -> dict[str, Scalar]:
    """The bytes, cells and layers of one kind of cache; null where there is none, or where several differ."""
    one = caches[0] if len(caches) == 1 else None
    return {
        f"{name}_bytes": one and one.size,
        f"{name}_cells": one and one.cells,
        f"{name}_layers": one and one.layers,
    }


def _buffers(log: str, what: str, *, mapped: bool | None = None) -> int | None:
    """Bytes of all buffers of a kind; ``mapped`` keeps those that are the file itself, or the others."""
    found = [
        float(mib)
        for owner, kind, mib in _BUFFER.findall(log)
        if kind == what and mapped in (None, owner.endswith("_Mapped"))
    ]
    said = any(kind == what for _, kind, _ in _BUFFER.findall(log))
    return round(sum(found) * _MIB) if said else None


def _number(pattern: str, log: str) -> int | None:
    found = re.search(pattern, log)
    return int(found[1]) if found else None
