"""From the table of requests to a ``Batch``, without copying where Arrow allows it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ..errors import DatasetCorrupt
from ..outcomes import Status
from .batch import Batch, Bools, Floats, Ints
from .extra import Extra

COLUMNS: tuple[str, ...] = (
    "outcome",
    "connect_ns",
    "sent_ns",
    "arrivals_ns",
    "tokens",
    "engine_prompt_n",
    "engine_cache_n",
    "engine_prompt_ms",
    "engine_predicted_n",
    "engine_predicted_ms",
    "effective",
)
"""What ``batch_of`` needs of the schema ``REQUESTS``; a reader may leave the other columns on disk."""


def batch_of(requests: pa.Table | pa.RecordBatch) -> Batch:
    """``n`` rows of the schema ``REQUESTS`` as columns.

    A chunk that carries no token is left out. Raises ``DatasetCorrupt`` where the chunks of a request are
    inconsistent.
    """
    arrivals, tokens = one_array(requests["arrivals_ns"]), one_array(requests["tokens"])
    offsets = _offsets(arrivals)
    if not np.array_equal(offsets, _offsets(tokens)):
        raise DatasetCorrupt("a request has not as many arrival times as token counts; re-fetch the dataset")
    return _ragged(requests, arrivals.flatten(), tokens.flatten(), offsets)


def _ragged(requests: pa.Table | pa.RecordBatch, arrivals: pa.Array, tokens: pa.Array, offsets: Ints) -> Batch:
    if arrivals.null_count or tokens.null_count:
        raise DatasetCorrupt("a chunk has no arrival time or token count; re-fetch the dataset")
    arrivals_ns, counts = arrivals.to_numpy(), tokens.to_numpy()
    if len(counts) and counts.min() < 1:
        if counts.min() < 0:
            raise DatasetCorrupt("a chunk has a negative token count; re-fetch the dataset")
        kept = counts > 0
        offsets = np.concatenate(([0], np.cumsum(kept)))[offsets]
        arrivals_ns, counts = arrivals_ns[kept], counts[kept]
    return Batch(
        usable=usable(requests["outcome"]),
        connect_ns=floats(requests["connect_ns"]),
        sent_ns=floats(requests["sent_ns"]),
        arrivals_ns=arrivals_ns,
        tokens=counts,
        offsets=offsets,
        prompt_n=floats(requests["engine_prompt_n"]),
        cache_n=floats(requests["engine_cache_n"]),
        prompt_ms=floats(requests["engine_prompt_ms"]),
        predicted_n=floats(requests["engine_predicted_n"]),
        predicted_ms=floats(requests["engine_predicted_ms"]),
        extra=Extra(_plain(requests["effective"])),
    )


def usable(outcome: pa.ChunkedArray | pa.Array) -> Bools:
    """Which outcomes may enter a statistic, shape ``(n,)``."""
    ended = _plain(outcome)
    good = pc.or_(pc.equal(ended, Status.OK.value), pc.equal(ended, Status.DEGRADED.value))
    return numpy_of(pc.fill_null(good, fill_value=False))


def floats(column: pa.ChunkedArray | pa.Array) -> Floats:
    """A numeric column as float64 with NaN for null, shape ``(n,)``."""
    return numpy_of(one_array(column).cast(pa.float64()))


def numpy_of(column: pa.ChunkedArray | pa.Array) -> npt.NDArray[Any]:
    """A column as a numpy array, shape ``(n,)``; null becomes NaN or ``None``."""
    values: npt.NDArray[Any] = one_array(column).to_numpy(zero_copy_only=False)
    return values


def one_array(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column in one piece."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks or [pa.array([], column.type)])


def _plain(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    array = one_array(column)
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array


def _offsets(lists: pa.Array) -> Ints:
    """Where each list starts among the flattened values, shape ``(n + 1,)``; a null list is empty."""
    lengths = pc.fill_null(pc.list_value_length(lists), 0)
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(numpy_of(lengths), dtype=np.int64)))
