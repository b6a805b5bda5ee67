"""Requests as columns: what every metric computes on, for one request or a million."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Batch:
    """``n`` requests. All arrays have shape ``(n,)`` except the ragged pair.

    ``arrivals_ns`` and ``tokens`` are the chunks of all requests end to end, shape ``(chunks,)``;
    ``offsets`` has shape ``(n + 1,)`` and request *i* owns ``[offsets[i], offsets[i + 1])``.
    Integer times are nanoseconds after the planned start. Optional numbers are float64 with NaN for null
    *inside a batch only*: no metric returns NaN, it returns a reason.
    """

    usable: Bools
    sent_ns: Floats
    end_ns: Floats
    arrivals_ns: Ints
    tokens: Ints
    offsets: Ints
    prompt_n: Floats
    cache_n: Floats
    prompt_ms: Floats
    predicted_n: Floats
    predicted_ms: Floats

    def __len__(self) -> int:
        return len(self.usable)
