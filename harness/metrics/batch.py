"""Requests as columns: what every metric computes on, for one request or a million."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..outcomes import COUNTED_TOKENS
from .extra import Extra

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Batch:
    """``n`` requests. All arrays have shape ``(n,)`` except the ragged pair.

    ``arrivals_ns`` and ``tokens`` are the chunks of all requests end to end, shape ``(chunks,)``; ``offsets`` has
    shape ``(n + 1,)`` and request *i* owns ``[offsets[i], offsets[i + 1])``. Every chunk has at least one token.
    Times are nanoseconds after the planned start; ``connect_ns`` is a duration. Optional numbers are float64 with
    NaN for null *inside a batch only*: what leaves a metric carries a reason. ``extra`` holds by name what only some
    engines count.
    """

    usable: Bools
    connect_ns: Floats
    sent_ns: Floats
    arrivals_ns: Ints
    tokens: npt.NDArray[np.int32]
    offsets: Ints
    prompt_n: Floats
    cache_n: Floats
    prompt_ms: Floats
    predicted_n: Floats
    predicted_ms: Floats
    extra: Extra

    def __len__(self) -> int:
        return len(self.usable)

    @cached_property
    def chunk_n(self) -> Ints:
        """Content chunks of each request, shape ``(n,)``."""
        return np.diff(self.offsets)

    @cached_property
    def counted(self) -> Bools:
        """Whether tokens were counted of the whole answer alone, shape ``(n,)``: those of a chunk are not known."""
        return self.extra.has(COUNTED_TOKENS)

    @cached_property
    def uncounted(self) -> Bools:
        """Whether nobody counted the tokens of each request, shape ``(n,)``."""
        return self.counted & np.isnan(self._told_tokens)

    @cached_property
    def unseen(self) -> Bools:
        """Whether no chunk is known of an answer that has tokens, or may have some, shape ``(n,)``."""
        found: Bools = (self.chunk_n == 0) & (self.uncounted | (self.token_n > 0))
        return found

    @cached_property
    def _told_tokens(self) -> Floats:
        return self.extra.plain(COUNTED_TOKENS)

    @cached_property
    def token_n(self) -> Ints:
        """Content tokens of each request, shape ``(n,)``; where they are ``uncounted``, its chunks."""
        if not self.counted.any():
            return self._chunked_tokens
        return np.where(np.isnan(self._told_tokens), self._chunked_tokens, self._told_tokens).astype(np.int64)

    @cached_property
    def _chunked_tokens(self) -> Ints:
        if bool((self.tokens == 1).all()):
            return self.chunk_n
        counts = np.zeros(len(self), np.int64)
        some = self.chunk_n > 0
        counts[some] = np.add.reduceat(self.tokens, self.offsets[:-1][some], dtype=np.int64)
        return counts

    @cached_property
    def first_n(self) -> Ints:
        """Tokens of the first chunk of each request, shape ``(n,)``, zero where there is none."""
        counts = np.zeros(len(self), np.int64)
        some = self.chunk_n > 0
        counts[some] = self.tokens[self.offsets[:-1][some]]
        return counts

    @cached_property
    def first_ns(self) -> Floats:
        """Arrival of the first token, shape ``(n,)``, NaN where there is none."""
        return self._arrival(self.offsets[:-1])

    @cached_property
    def last_ns(self) -> Floats:
        """Arrival of the last token, shape ``(n,)``, NaN where there is none."""
        return self._arrival(self.offsets[1:] - 1)

    def _arrival(self, chunk: Ints) -> Floats:
        times = np.full(len(self), np.nan)
        some = self.chunk_n > 0
        times[some] = self.arrivals_ns[chunk[some]]
        return times
