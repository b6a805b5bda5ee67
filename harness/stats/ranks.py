"""Ranks, without the half second that importing ``scipy.stats`` takes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .arrays import Floats


def midranks(values: npt.ArrayLike) -> Floats:
    """The ranks of ``values`` along the last axis, from 1; equal values share the mean of theirs."""
    table = np.asarray(values, np.float64)
    order = np.argsort(table, axis=-1, kind="stable")
    ascending = np.take_along_axis(table, order, axis=-1)
    place = np.broadcast_to(np.arange(table.shape[-1]), table.shape)
    begins = np.ones(table.shape, np.bool_)
    begins[..., 1:] = ascending[..., 1:] != ascending[..., :-1]
    ends = np.ones(table.shape, np.bool_)
    ends[..., :-1] = begins[..., 1:]
    first = np.maximum.accumulate(np.where(begins, place, 0), axis=-1)
    backwards = np.where(ends, place, table.shape[-1])[..., ::-1]
    last = np.minimum.accumulate(backwards, axis=-1)[..., ::-1]
    ranks = np.empty(table.shape)
    np.put_along_axis(ranks, order, (first + last) / 2 + 1, axis=-1)
    return ranks
