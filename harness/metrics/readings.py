"""Telemetry readings of runs between two instants: what a ``ReadingMetric`` computes on.

Most readings come about once a second, so what happens between two of them is unseen: a peak is the largest
*reading*, and a counter is taken to rise evenly between two neighbours. It has no value where they lie farther apart
than the window is long.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..errors import DatasetCorrupt
from ..outcomes import Missing
from .batch import Bools, Floats, Ints
from .columns import floats, numpy_of, one_array


class Tables(Protocol):
    """Whatever has the tables of a dataset by name."""

    def table(self, name: str, columns: Sequence[str] | None = None, /) -> pa.Table:
        """A table, or only ``columns`` of it."""


@dataclass(frozen=True, slots=True)
class Window:
    """Two instants of a run: from the planned start of its first request of a ``phase`` to the end of its last one, or
    the whole run where ``phase`` is null."""

    phase: str | None

    @property
    def words(self) -> str:
        """The window in words, as a definition says it."""
        return f"the {self.phase} requests" if self.phase else "the whole run"


WHOLE_RUN = Window(None)
MEASURED = Window("measured")


@dataclass(frozen=True, slots=True)
class Series:
    """``k`` readings of one quantity, run by run in order of time: the run of each (``owner``), its instant after the
    run's start in nanoseconds, and its value, NaN where it has none; all of shape ``(k,)``. ``missing (n,)`` says for
    each run why its first reading has no value; null where it has one or there is no reading.
    """

    owner: Ints
    at_ns: Ints
    values: Floats
    missing: Sequence[Missing | None]


@dataclass(frozen=True, slots=True)
class Readings:
    """Readings of ``n`` runs by quantity, and the window of each in nanoseconds after its start: ``begin_ns (n,)`` and
    ``end_ns (n,)``, NaN where a run has no such window."""

    begin_ns: Floats
    end_ns: Floats
    series: Mapping[str, Series]

    def __len__(self) -> int:
        return len(self.begin_ns)

    def inside(self, quantity: str) -> Bools:
        """Which readings of a quantity have a value and lie in their run's window, shape ``(k,)``."""
        one = self.series[quantity]
        begin, end = self.begin_ns[one.owner], self.end_ns[one.owner]
        return ~np.isnan(one.values) & (one.at_ns >= begin) & (one.at_ns <= end)

    def of_runs(self, quantity: str) -> Iterator[tuple[int, Floats, Floats]]:
        """Run by run: its index, and the instants and values of its readings that have a value."""
        one = self.series[quantity]
        there = ~np.isnan(one.values)
        owner, at_ns, values = one.owner[there], one.at_ns[there].astype(np.float64), one.values[there]
        runs, starts = np.unique(owner, return_index=True)
        yield from zip(runs.tolist(), np.split(at_ns, starts[1:]), np.split(values, starts[1:]), strict=False)


def readings_of(tables: Tables, runs: pa.Table, quantities: Sequence[str], window: Window) -> Readings:
    """The readings of ``quantities`` of the runs ``runs``. Raises ``DatasetCorrupt`` for a reading of another run."""
    known = one_array(runs["run_id"])
    stored = tables.table("readings", ("run_id", "quantity", "at_ns", "value", "missing"))
    names = stored["quantity"].cast(pa.string())
    series = {name: _series(stored.filter(pc.equal(names, name)), known) for name in quantities}
    if window.phase is None:
        end = floats(runs["duration_ns"])
        return Readings(np.where(np.isnan(end), np.nan, 0.0), end, series)
    return Readings(*requests_window(tables, known, window.phase), series)


def _series(stored: pa.Table, known: pa.Array) -> Series:
    owner = owners(stored, known, "reading")
    at_ns, values = numpy_of(stored["at_ns"]), floats(stored["value"])
    order = np.lexsort((at_ns, owner))
    why: list[Missing | None] = [None] * len(known)
    reasons = stored["missing"].to_pylist()
    firsts, places = np.unique(owner[order], return_index=True)
    for run, place in zip(firsts.tolist(), order[places].tolist(), strict=True):
        why[run] = Missing(reasons[place]) if reasons[place] in set(Missing) else None
    return Series(owner[order], at_ns[order], values[order], why)


def requests_window(tables: Tables, known: pa.Array, phase: str) -> tuple[Floats, Floats]:
    """From the first planned start to the last end of a phase of the runs ``known``, in nanoseconds after their starts.

    Two arrays of shape ``(n,)``, NaN where a run has no request of the phase.
    """
    requests = tables.table("requests", ("run_id", "phase", "planned_ns", "end_ns"))
    kept = requests.filter(pc.equal(requests["phase"].cast(pa.string()), phase))
    owner = owners(kept, known, "request")
    begin = floats(kept["planned_ns"])
    end = begin + floats(kept["end_ns"])
    first, last = np.full(len(known), np.nan), np.full(len(known), np.nan)
    np.fmin.at(first, owner, begin)
    np.fmax.at(last, owner, end)
    return np.where(np.isnan(last), np.nan, first), last


def owners(rows: pa.Table, known: pa.Array, what: str) -> Ints:
    """The index of the run of each row. Raises ``DatasetCorrupt`` for a row of another run."""
    owner = pc.index_in(rows["run_id"], value_set=known)
    if owner.null_count:
        raise DatasetCorrupt(f"a {what} belongs to no run of its dataset; re-fetch the dataset")
    return numpy_of(owner).astype(np.int64)
