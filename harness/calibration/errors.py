"""What a calibration dataset says about the instrument: seen minus true, at every load."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ..datasets.read import Dataset
from ..datasets.schema import LEVEL_PREFIX
from ..outcomes import USABLE, NoValue
from ..protocols.envelope import Envelope, Point
from ..stats.intervals.percentiles import percentile
from .written import Written, written

Floats = npt.NDArray[np.float64]
Load = tuple[float, float, int]


@dataclass(frozen=True, slots=True)
class Spread:
    """Errors of one quantity: ``bias`` is the mean with its sign, the others are of absolute values.

    ``p99`` is ``None`` below the number of values that a p99 needs. Empty errors have no spread: there is no object.
    """

    n: int
    bias: float
    mean: float
    p50: float
    p99: float | None
    max: float


@dataclass(frozen=True, slots=True)
class CellError:
    """The instrument at one load. Times in ms, ``rate`` in percent of the true rate.

    ``ttft`` compares the client's time from the planned start with the server's time from the request's arrival, so
    it contains connecting too late, sending late and receiving late; ``arrival`` is the receive path alone; ``rate``
    leaves out streams that the client saw in one piece, which have none. ``pace_ms`` is how late the pacer itself was
    (p99); ``chunks_per_s`` the rate that it really wrote, all streams together; ``client_cpu`` the processors that the
    client used; ``lag_ms`` the largest p99 of its loop lag.
    """

    ttft_ms: float
    itl_ms: float
    streams: int
    runs: int
    ttft: Spread
    arrival: Spread
    itl: Spread | None
    rate: Spread | None
    pace_ms: float
    chunks_per_s: float
    client_cpu: float | None
    lag_ms: float | None

    @property
    def kept_pace(self) -> bool:
        """Whether the pacer reached 95 % of the rate asked for; elsewhere the load was less than its label says."""
        return self.chunks_per_s >= 0.95 * 1e3 * self.streams / self.itl_ms


@dataclass(slots=True)
class _Samples:
    ttft: list[float] = field(default_factory=list)
    arrival: list[Floats] = field(default_factory=list)
    itl: list[Floats] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    late: list[Floats] = field(default_factory=list)
    chunks_per_s: list[float] = field(default_factory=list)
    runs: set[str] = field(default_factory=set)

    def add(self, run: str, seen: Floats, truth: Written, load: Load) -> None:
        """One request: ``seen`` are the client's arrivals, one per token, in ms after the planned start."""
        _, itl_ms, streams = load
        wrote = np.asarray(truth.writes_ns, np.float64) / 1e6
        self.runs.add(run)
        self.ttft.append(seen[0] - (wrote[0] - truth.seen_ns / 1e6))
        self.arrival.append(seen - wrote)
        self.late.append(wrote - truth.due_ns / 1e6 - itl_ms * np.arange(len(wrote)))
        if len(wrote) > 1:
            self.itl.append(np.diff(seen) - np.diff(wrote))
            if seen[-1] > seen[0]:
                self.rate.append(100 * ((wrote[-1] - wrote[0]) / (seen[-1] - seen[0]) - 1))
            self.chunks_per_s.append(1e3 * streams * (len(wrote) - 1) / (wrote[-1] - wrote[0]))


def cell_errors(dataset: Dataset) -> tuple[CellError, ...]:
    """Every load of a calibration dataset in order of streams, ITL and TTFT; loads without a usable request are left
    out. Only measured requests count."""
    loads, facts = _runs(dataset)
    samples: dict[Load, _Samples] = defaultdict(_Samples)
    columns = ["run_id", "phase", "outcome", "arrivals_ns", "tokens", "effective"]
    for row in dataset.requests.select(columns).to_pylist():
        truth = written(json.loads(row["effective"]))
        if row["phase"] != "measured" or row["outcome"] not in USABLE or truth is None:
            continue
        seen = np.repeat(np.asarray(row["arrivals_ns"], np.float64) / 1e6, row["tokens"])
        if len(seen) == len(truth.writes_ns):
            load = loads[row["run_id"]]
            samples[load].add(row["run_id"], seen, truth, load)
    ordered = sorted(samples, key=lambda load: (load[2], load[1], load[0]))
    return tuple(_cell(load, samples[load], [facts[run] for run in samples[load].runs]) for load in ordered)


def _runs(dataset: Dataset) -> tuple[dict[str, Load], dict[str, Mapping[str, float | None]]]:
    """The load and the client's own facts of each run."""
    names = [LEVEL_PREFIX + name for name in ("ttft_ms", "itl_ms", "streams")]
    loads: dict[str, Load] = {}
    facts: dict[str, Mapping[str, float | None]] = {}
    for row in dataset.runs.select(["run_id", "facts", *names]).to_pylist():
        ttft, itl, streams = (row[name] for name in names)
        loads[row["run_id"]] = (float(ttft), float(itl), int(streams))
        facts[row["run_id"]] = json.loads(row["facts"])
    return loads, facts


def _cell(load: Load, samples: _Samples, facts: Iterable[Mapping[str, float | None]]) -> CellError:
    known = list(facts)
    return CellError(
        ttft_ms=load[0],
        itl_ms=load[1],
        streams=load[2],
        runs=len(samples.runs),
        ttft=_spread(np.asarray(samples.ttft)),
        arrival=_spread(np.concatenate(samples.arrival)),
        itl=_spread(np.concatenate(samples.itl)) if samples.itl else None,
        rate=_spread(np.asarray(samples.rate)) if samples.rate else None,
        pace_ms=float(np.quantile(np.concatenate(samples.late), 0.99)),
        chunks_per_s=float(np.median(samples.chunks_per_s)) if samples.chunks_per_s else 0.0,
        client_cpu=_processors(known),
        lag_ms=_largest_ms(fact.get("loop_lag_p99_ns") for fact in known),
    )


def _spread(errors: Floats) -> Spread:
    size = np.abs(errors)
    try:
        p99 = percentile(size, 0.99).value
    except NoValue:
        p99 = None
    return Spread(len(errors), float(errors.mean()), float(size.mean()), float(np.median(size)), p99, float(size.max()))


def _processors(facts: Iterable[Mapping[str, float | None]]) -> float | None:
    """CPU time over wall time while the requests ran, all runs together."""
    known = [(cpu, wall) for fact in facts if (cpu := fact.get("client_cpu_ns")) and (wall := fact.get("drive_ns"))]
    return sum(cpu for cpu, _ in known) / sum(wall for _, wall in known) if known else None


def _largest_ms(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return max(known) / 1e6 if known else None


def envelope(cells: Iterable[CellError], calibration: str) -> Envelope:
    """Where the instrument may be trusted, for the flags of later runs; ``calibration`` is the dataset's digest."""
    return Envelope(
        calibration,
        tuple(
            Point(cell.streams, cell.ttft_ms, cell.itl_ms, cell.ttft.bias, cell.itl.mean)
            for cell in cells
            if cell.itl is not None and cell.kept_pace
        ),
    )


@dataclass(frozen=True, slots=True)
class Sustained:
    """A load that the client keeps up with: its rate, the worst p99 of its gaps, and the runs that show it."""

    streams: int
    itl_ms: float
    chunks_per_s: float
    p99_ms: float
    runs: int


def sustained(cells: Iterable[CellError], limit_ms: float = 1.0) -> Sustained | None:
    """The highest rate at which the p99 error of gaps is within ``limit_ms``, whatever the time to first token.

    A load is a number of streams and a gap. It counts where it passes at every time to first token that was calibrated.
    """
    loads: dict[tuple[int, float], list[CellError]] = defaultdict(list)
    for cell in cells:
        loads[cell.streams, cell.itl_ms].append(cell)
    found = []
    for (streams, itl_ms), load in loads.items():
        worst = max(math.inf if cell.itl is None or cell.itl.p99 is None else cell.itl.p99 for cell in load)
        if worst <= limit_ms:
            rate, runs = max(cell.chunks_per_s for cell in load), sum(cell.runs for cell in load)
            found.append(Sustained(streams, itl_ms, rate, worst, runs))
    return max(found, key=lambda one: one.chunks_per_s, default=None)
