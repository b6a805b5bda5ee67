"""What an external power meter wrote while runs were measured: a CSV file of times and watts, laid beside the runs.

timestamp,watts
2026-11-26T14:03:07+01:00,41.5
2026-11-26T14:03:08+01:00,43.0

A time has its zone, or is seconds since 1970. The clock of the meter is taken to be that of the machine: nothing here
could tell a shifted clock from another load.
"""

from __future__ import annotations

import csv
import io
import re
import time
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median

from ..bounded_file import read_bounded
from ..errors import UsageError
from ..events import Reading, Run
from ..outcomes import Missing

PROBE, POWER, IDLE_BEFORE, IDLE_AFTER = "meter", "meter.power", "meter.idle_before", "meter.idle_after"
HEADER = ["timestamp", "watts"]
MOST_W = 1_000_000.0
"""No machine draws more."""
IDLE_NS, IDLE_SAMPLES = 60 * 10**9, 20
"""How long before the first run and after the last one the machine is taken to idle, and samples that tell how much."""
_SECONDS = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?")
_WATTS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MeterFile:
    """The samples of a file in order of time: nanoseconds since 1970, and watts. ``data`` are its bytes."""

    name: str
    at_ns: tuple[int, ...]
    watts: tuple[float, ...]
    data: bytes = field(default=b"", repr=False, compare=False)

    @classmethod
    def read(cls, path: Path) -> MeterFile:
        """The samples of ``path``. Raises ``UsageError`` that names the line at fault."""
        try:
            data = read_bounded(path)
            lines = io.StringIO(data.decode("utf-8-sig"), newline="")
            samples = list(_samples(path.name, csv.reader(lines, strict=True)))
        except OSError as error:
            raise UsageError(f"cannot read {path}: {error.strerror}; name the CSV file of the meter") from None
        except (UnicodeDecodeError, csv.Error) as error:
            raise UsageError(f"{path.name} is no CSV of UTF-8: {error}") from None
        if not samples:
            raise UsageError(f"{path.name} has no samples")
        return cls(path.name, tuple(at for at, _ in samples), tuple(watts for _, watts in samples), data)

    def readings(self, runs: Collection[Run]) -> dict[str, tuple[Reading, ...]]:
        """What the meter read around each run, by the run's id, with the idle power beside all of them.

        A run that it did not see has a null. Raises ``UsageError`` where it saw none.
        """
        spans = {run.run_id: (run.started_unix_ns, run.started_unix_ns + run.duration_ns) for run in runs}
        seen = {run_id: tuple(self._power(*span)) for run_id, span in spans.items()}
        first, last = min(begin for begin, _ in spans.values()), max(end for _, end in spans.values())
        if not any(seen.values()):
            raise UsageError(
                f"{self.name} has samples from {_shown(self.at_ns[0])} to {_shown(self.at_ns[-1])}, none of them "
                f"during a run ({_shown(first)} to {_shown(last)}); set both clocks alike, or give the time zone"
            )
        idle = (self._idle(IDLE_BEFORE, first - IDLE_NS, first), self._idle(IDLE_AFTER, last, last + IDLE_NS))
        unseen = (Reading(PROBE, POWER, "W", 0, None, Missing.NOT_REPORTED),)
        return {run_id: (*idle, *(found or unseen)) for run_id, found in seen.items()}

    def _power(self, begin: int, end: int) -> Iterator[Reading]:
        """The samples during a run, with the one before it and the one after it; none where none is inside."""
        low, high = bisect_left(self.at_ns, begin), bisect_right(self.at_ns, end)
        if low < high:
            for place in range(max(0, low - 1), min(len(self.at_ns), high + 1)):
                yield Reading(PROBE, POWER, "W", self.at_ns[place] - begin, self.watts[place])

    def _idle(self, quantity: str, begin: int, end: int) -> Reading:
        """The median of the samples between two instants; null where they are too few."""
        found = self.watts[bisect_left(self.at_ns, begin) : bisect_left(self.at_ns, end)]
        if len(found) < IDLE_SAMPLES:
            return Reading(PROBE, quantity, "W", 0, None, Missing.TOO_FEW_SAMPLES)
        return Reading(PROBE, quantity, "W", 0, median(found))


def _samples(name: str, lines: Iterable[list[str]]) -> Iterator[tuple[int, float]]:
    now, before = time.time_ns(), -1
    for number, cells in enumerate(lines, 1):
        try:
            if number == 1:
                if cells != HEADER:
                    raise ValueError(f"the first line is not {','.join(HEADER)}")
                continue
            if len(cells) != len(HEADER):
                raise ValueError(
                    f"{len(cells)} fields, not a time and watts; write numbers without thousands separators"
                )
            at, watts = _instant(cells[0]), _power_of(cells[1])
            if at <= before:
                raise ValueError(f"the time {cells[0]} is not after the one before it")
            if at > now:
                raise ValueError(f"the time {cells[0]} is still to come")
        except ValueError as error:
            raise UsageError(f"{name}:{number}: {error}") from None
        yield at, watts
        before = at


def _instant(text: str) -> int:
    """Nanoseconds since 1970."""
    if _SECONDS.fullmatch(text):
        return int(Decimal(text) * 10**9)
    try:
        at = datetime.fromisoformat(text) if text.isascii() else None
    except ValueError:
        at = None
    if at is None:
        raise ValueError(f"{text[:40]!r} is no time of ISO 8601 and no seconds since 1970")
    if at.tzinfo is None:
        raise ValueError(f"the time {text} has no zone; write it with one, as in 2026-11-26T14:03:07+01:00")
    return (at - _EPOCH) // timedelta(microseconds=1) * 1_000


def _power_of(text: str) -> float:
    if not _WATTS.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is no number of watts in plain digits")
    if float(text) > MOST_W:
        raise ValueError(f"{text} W is more than a machine draws; the unit is watts")
    return float(text)


def _shown(at_ns: int) -> str:
    return (_EPOCH + timedelta(microseconds=at_ns // 1_000)).isoformat(timespec="seconds")
