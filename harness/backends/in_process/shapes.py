"""The lengths that a graph sees: each prompt's own, one for all, or a few.

A padded prompt is followed by filler that nothing reads: attention looks back only, the logits are taken at the last
real token, and each generated token overwrites the filler at its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...outcomes import Code, failed, unsupported
from ...protocols import EngineFailed

if TYPE_CHECKING:
    from transformers import Cache

SHAPES = ("natural", "padded", "bucketed")
PADDED = 0.75
"""Share of ``num_ctx`` that every prompt is padded to; the rest is for the output."""

SMALLEST_BUCKET = 16


@dataclass(frozen=True, slots=True)
class Shapes:
    """``fixed`` caches have the size of ``num_ctx`` from the start; others grow with the sequence."""

    kind: str
    config: Any
    num_ctx: int

    @property
    def fixed(self) -> bool:
        return self.kind != "natural"

    def cache(self) -> Cache:
        """An empty cache."""
        from transformers import DynamicCache, StaticCache

        if not self.fixed:
            return DynamicCache(config=self.config)
        return StaticCache(config=self.config, max_cache_len=self.num_ctx)

    def padded(self, tokens: list[int]) -> list[int]:
        """``tokens`` with filler up to the length that the graph shall see. Raises ``EngineFailed`` where too long."""
        length = self._length(len(tokens))
        if length > self.num_ctx:
            detail = f"a prompt of {len(tokens)} tokens does not fit num_ctx {self.num_ctx}; raise num_ctx"
            raise EngineFailed(failed(Code.SETTING_REJECTED, detail))
        return tokens + [0] * (length - len(tokens))

    def _length(self, n: int) -> int:
        if self.kind == "padded":
            return max(n, int(self.num_ctx * PADDED))
        if self.kind == "bucketed":
            return max(SMALLEST_BUCKET, 1 << (n - 1).bit_length())
        return n

    def rewind(self, cache: Cache, length: int) -> None:
        """Makes the next token overwrite the filler."""
        import torch

        if self.fixed:
            with torch.inference_mode():
                for layer in cache.layers:
                    layer.cumulative_length.fill_(length)

    def clear(self, cache: Cache) -> None:
        """Empties a cache that will be used again."""
        import torch

        if self.fixed:
            with torch.inference_mode():
                cache.reset()


def shapes_of(kind: str, module: Any, num_ctx: int) -> Shapes:
    """The shapes of a model. Raises ``EngineFailed`` where its attention slides: filler would push out real tokens."""
    shapes = Shapes(kind, module.config, num_ctx)
    if shapes.fixed and any(layer.is_sliding for layer in shapes.cache().layers):
        detail = f"shapes {kind} needs full attention in every layer; use natural for this model"
        raise EngineFailed(unsupported(Code.SETTING_REJECTED, detail))
    return shapes
