"""What the readings of a quantity say of each run's window: its largest value, its mean, or how a counter rose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..outcomes import Missing
from .batch import Bools, Floats
from .definition import PRESENT, Codes, Evaluated, code_of
from .readings import Readings

READINGS = 20
"""Readings that a window holds at least where it has to say what a sensor took."""


def largest(readings: Readings, quantity: str) -> Evaluated:
    """The largest reading in the window, shape ``(n,)``."""
    one, inside = readings.series[quantity], readings.inside(quantity)
    found = np.full(len(readings), -np.inf)
    np.maximum.at(found, one.owner[inside], one.values[inside])
    return _with_reasons(readings, quantity, np.where(np.isinf(found), np.nan, found))


def mean(readings: Readings, quantity: str) -> Evaluated:
    """The mean of the readings in the window, shape ``(n,)``."""
    one, inside = readings.series[quantity], readings.inside(quantity)
    number = np.bincount(one.owner[inside], minlength=len(readings))
    total = np.bincount(one.owner[inside], one.values[inside], minlength=len(readings))
    found = np.divide(total, number, out=np.full(len(readings), np.nan), where=number > 0)
    return _with_reasons(readings, quantity, found)


def rate(readings: Readings, quantity: str) -> Evaluated:
    """How much a counter rose in the window for each second of it, shape ``(n,)``, where ``rise`` tells."""
    found = rise(readings, quantity)
    return replace(found, values=found.values / (readings.end_ns - readings.begin_ns) * 1e9)


def rise(readings: Readings, quantity: str) -> Evaluated:
    """How much a counter rose in the window, shape ``(n,)``.

    Each end lies between two readings that are no farther apart than the window is long; a run where it does not has
    too few. A counter that fell is refused (``BAD_COUNTER``).
    """
    found, fell = np.full(len(readings), np.nan), np.zeros(len(readings), np.bool_)
    for run, at_ns, values in readings.of_runs(quantity):
        begin, end = readings.begin_ns[run], readings.end_ns[run]
        if _bracketed(at_ns, begin, end - begin) and _bracketed(at_ns, end, end - begin):
            first, last = np.interp((begin, end), at_ns, values)
            found[run], fell[run] = last - first, bool((np.diff(values) < 0).any())
    return _with_reasons(readings, quantity, found, fell)


def average(readings: Readings, quantity: str) -> Evaluated:
    """The mean of a quantity over the time of the window, shape ``(n,)``: trapezoids between neighbouring readings.

    Each end lies between two readings, as in ``rise``. A run has too few where two neighbours are farther apart than
    a tenth of the window, and where one that has no value lies among them: what nobody saw is not made up.
    """
    found = np.full(len(readings), np.nan)
    one = readings.series[quantity]
    for run, at_ns, values in readings.of_runs(quantity):
        begin, end = readings.begin_ns[run], readings.end_ns[run]
        if not (_bracketed(at_ns, begin, end - begin) and _bracketed(at_ns, end, end - begin)):
            continue
        first = int(np.searchsorted(at_ns, begin, "right")) - 1
        last = int(np.searchsorted(at_ns, end))
        seen = at_ns[first : last + 1]
        lost = one.at_ns[(one.owner == run) & np.isnan(one.values)]
        if ((lost > seen[0]) & (lost < seen[-1])).any() or np.diff(seen).max() > (end - begin) / 10:
            continue
        inner = np.concatenate(((begin,), at_ns[(at_ns > begin) & (at_ns < end)], (end,)))
        found[run] = np.trapezoid(np.interp(inner, at_ns, values), inner) / (end - begin)
    return _with_reasons(readings, quantity, found)


def often_read(readings: Readings, quantity: str, found: Evaluated) -> Evaluated:
    """``found``, without the values of windows that hold fewer than ``READINGS`` readings of the quantity."""
    inside = readings.series[quantity].owner[readings.inside(quantity)]
    few = (np.bincount(inside, minlength=len(readings)) < READINGS) & (found.reason == PRESENT)
    reason = np.where(few, code_of(Missing.TOO_FEW_SAMPLES), found.reason).astype(found.reason.dtype)
    return Evaluated(np.where(few, np.nan, found.values), reason)


def _bracketed(at_ns: Floats, instant: float, most: float) -> bool:
    """Whether an instant is that of a reading, or lies between two that are at most ``most`` nanoseconds apart."""
    after = int(np.searchsorted(at_ns, instant))
    if after < len(at_ns) and at_ns[after] == instant:
        return bool(most > 0)
    return 0 < after < len(at_ns) and bool(at_ns[after] - at_ns[after - 1] <= most)


def _with_reasons(readings: Readings, quantity: str, values: Floats, fell: Bools | None = None) -> Evaluated:
    """``values``, and for a run without one: it has no such window, no reading, or too few of them."""
    one = readings.series[quantity]
    read = np.bincount(one.owner[~np.isnan(one.values)], minlength=len(readings)) > 0
    reason: Codes = np.zeros(len(readings), np.int8)
    for run in np.flatnonzero(np.isnan(values)).tolist():
        why = Missing.TOO_FEW_SAMPLES if read[run] else one.missing[run] or Missing.NOT_REPORTED
        reason[run] = code_of(why if np.isfinite(readings.end_ns[run]) else Missing.NOT_APPLICABLE)
    if fell is not None:
        reason[fell] = code_of(Missing.BAD_COUNTER)
    return Evaluated(np.where(reason == PRESENT, values, np.nan), reason)
