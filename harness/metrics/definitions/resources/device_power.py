"""Power of the accelerators while requests were measured, by their own energy counters or from polls of their power.

Everything that ran on the devices of the machine is in the number, idle power too: those that the driver lists, not
only those that an engine used. The two ways are two quantities, which are never put together: a counter sums what the
device measured between two polls, and a polled power is seen once in a while.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ....outcomes import Missing
from ....units import W
from ...definition import PRESENT, Evaluated, TablesMetric, code_of
from ...readings import MEASURED, Readings, Tables, readings_of
from ...windowed import average, often_read, rate


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicesMetric(TablesMetric):
    """One value per run: the sum over devices of what ``compute`` says of the ``quantity`` of each. A run with a device
    that has no value has none, for the reason of that device."""

    quantity: str
    compute: Callable[[Readings, str], Evaluated]

    def of(self, runs: pa.Table, tables: Tables) -> Evaluated:
        """The value of each of ``runs``, shape ``(runs,)``."""
        known = pc.unique(tables.table("readings", ("quantity",))["quantity"].cast(pa.string())).to_pylist()
        ours = re.compile(rf"gpu\d+\.{re.escape(self.quantity)}")
        names = sorted(filter(ours.fullmatch, known)) or [f"gpu0.{self.quantity}"]
        readings = readings_of(tables, runs, names, MEASURED)
        values, reason = np.zeros(len(readings)), np.zeros(len(readings), np.int8)
        unread = np.ones(len(readings), np.bool_)
        for name in names:
            one = self.compute(readings, name)
            there = np.bincount(readings.series[name].owner, minlength=len(readings)) > 0
            values += np.where(there, one.values, 0.0)
            reason = np.where(there & (reason == PRESENT), one.reason, reason)
            unread &= ~there
        none = np.where(np.isfinite(readings.end_ns), code_of(Missing.NOT_REPORTED), code_of(Missing.NOT_APPLICABLE))
        reason = np.where(unread, none, reason).astype(np.int8)
        return Evaluated(np.where(reason == PRESENT, values, np.nan), reason)


def counted(readings: Readings, quantity: str) -> Evaluated:
    """Joules of a counter per second of the window, W."""
    return often_read(readings, quantity, rate(readings, quantity))


def polled(readings: Readings, quantity: str) -> Evaluated:
    """The mean over the window of a power that was polled, W."""
    return often_read(readings, quantity, average(readings, quantity))


_INCLUDED = "summed over the devices of the machine; idle power included"

GPU_POWER = DevicesMetric(
    id="gpu_power",
    name="power of the GPUs by their counters",
    unit=W,
    formula=f"rise of gpuN.energy over {MEASURED.words} ÷ their duration, {_INCLUDED}",
    applicability="devices that count their energy; windows that hold enough readings",
    higher_is_better=False,
    quantity="energy",
    compute=counted,
)
GPU_POWER_POLLED = DevicesMetric(
    id="gpu_power_polled",
    name="power of the GPUs by polls",
    unit=W,
    formula=f"integral of gpuN.power over {MEASURED.words} (trapezoids between polls) ÷ their duration, {_INCLUDED}",
    applicability="devices that tell their power; windows that hold enough readings, without a hole",
    higher_is_better=False,
    quantity="power",
    compute=polled,
)
