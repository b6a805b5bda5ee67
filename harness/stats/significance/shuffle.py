"""Seeded permutations for exact tests."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt


def within(strata: npt.NDArray[np.intp], permutations: int, seed: int) -> npt.NDArray[np.intp]:
    """Index rows that shuffle entries among those of the same stratum, shape ``(permutations, n)``.

    ``strata (n,)`` counts strata from 0. Where exchange within a stratum is what the null hypothesis allows, comparing
    a statistic with its values over these rows is an exact test.
    The rows are read-only: they are kept, as every metric of a dataset asks for the same ones.
    """
    return _rows(strata.astype(np.intp).tobytes(), permutations, seed)


@lru_cache(maxsize=2)
def _rows(packed: bytes, permutations: int, seed: int) -> npt.NDArray[np.intp]:
    strata = np.frombuffer(packed, np.intp)
    keys = np.random.default_rng(seed).random((permutations, len(strata)))
    places = np.argsort(strata, kind="stable")
    rows = np.empty(keys.shape, np.intp)
    rows[:, places] = np.argsort(strata + keys, axis=1)
    rows.flags.writeable = False
    return rows
