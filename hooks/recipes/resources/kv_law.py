"""The key-value cache against its formula: 2 · layers · heads · width of a head · bytes of a number, for each token.

The engine reports the bytes and the cells of each cache. Layers whose attention slides have a cache of their own, which
stops growing at the window and a batch. What a number takes counts the scales that its format keeps beside it.
"""

from __future__ import annotations

from collections.abc import Mapping

from harness.units import RATIO

from ...content.blocks import Lit
from ...values.evidence import Level
from ...values.value import Value, constant
from ..claims import claim
from ..columns import column, metric
from ..report_builder import Draft
from ..rows import Row, Rows
from ..tables import table
from .growth import context_of

KV_BYTES = {"f16": 2.0, "q8_0": 34 / 32, "q4_0": 18 / 32}
"""Bytes of a number: two, and blocks of 32 numbers with a scale of two bytes."""

PREDICATE = "ratio.low > 0.98 and ratio.high < 1.02"
MEANING = "cache by the engine's report over its formula"


def kv_law(cached: Rows[Row], name: str, caption: str, kinds: Mapping[Level, str]) -> None:
    """A table of the cache of each row beside its formula, and a claim ``law-MODEL-CHANGE-CONTEXT`` for each; ``kinds``
    are the formats of keys and values by change."""
    draft = cached.draft

    def kind(row: Row) -> str:
        return kinds[row.where["change"]]

    each = column("bytes for each token", lambda draft, row: _reported(draft, row) / context_of(draft, row))
    formula = column("over the formula", lambda draft, row: _over_formula(draft, row, kind(row)))
    whole = column("over that of full context in every layer", lambda draft, row: _over_whole(draft, row, kind(row)))
    table(cached, name, caption, metric("kv_cache", "cache"), each, formula, whole)
    sentence = (
        "In a context of {context} tokens the cache of {model} in {kind} takes {ratio} what the formula says for its "
        "cells, with {each} bytes for a number."
    )
    for row in cached:
        ratio = _over_formula(draft, row, kind(row))
        if ratio.number is not None:
            said = {"kind": Lit(kind(row), "identifier"), "each": Lit(f"{KV_BYTES[kind(row)]:g}", "definition")}
            name = f"law-{row.slug('model', 'change', 'context')}"
            claim(draft, name, sentence, {"ratio": ratio}, PREDICATE, meaning=MEANING, names={**row.names, **said})


def _reported(draft: Draft, row: Row) -> Value:
    """Bytes of all caches, as the engine reports them."""
    return _sum(draft, row, "kv_bytes", "kv_sliding_bytes")


def _over_formula(draft: Draft, row: Row, kind: str) -> Value:
    """The engine's report over the formula for the cells that each cache has."""
    growing = _told(draft, row, "kv_cells") * _told(draft, row, "kv_layers")
    sliding = _told(draft, row, "kv_sliding_cells")
    if sliding.number is not None:
        growing = growing + sliding * _told(draft, row, "kv_sliding_layers")
    return (_reported(draft, row) / (growing * _of_a_layer(draft, row, kind))).to(RATIO)


def _over_whole(draft: Draft, row: Row, kind: str) -> Value:
    """The engine's report over the formula for a cache in which every layer keeps the whole context."""
    whole = _told(draft, row, "num_ctx") * _told(draft, row, "model_layers") * _of_a_layer(draft, row, kind)
    return (_reported(draft, row) / whole).to(RATIO)


def _of_a_layer(draft: Draft, row: Row, kind: str) -> Value:
    """Bytes of one token in one layer, keys and values."""
    width = _told(draft, row, "kv_head_dim_k") + _told(draft, row, "kv_head_dim_v")
    return _told(draft, row, "kv_heads") * width * constant(KV_BYTES[kind])


def _sum(draft: Draft, row: Row, first: str, second: str) -> Value:
    one, other = _told(draft, row, first), _told(draft, row, second)
    return one if other.number is None else one + other


def _told(draft: Draft, row: Row, key: str) -> Value:
    return draft.data.effective(key, row.where)
