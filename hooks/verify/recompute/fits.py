"""Fits the laws of sizes again, following their description.

A power law is the straight line of least squares through the logarithms of size and median. A sum of two costs makes
the squared relative errors least; where one of both would be negative it is zero, and the better of the two sums that
are left is taken. An error at sizes left out tells each from all others. A prediction at a new size x has the interval
of Student's t for n − 2 degrees of freedom around the line: s · √(1 + 1 / n + (ln x − mean)² / Σ(u − mean)²).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import linear_regression, mean, median, stdev

import scipy

from harness.units import PERCENT

from ..reader.dataset import USABLE
from ..reader.questions_json import StatedFit
from ..reader.samples import Samples
from ..reader.values_json import StatedInterval
from .answer import Answer, Row, kept
from .estimate import meaning, metric_of
from .laws import FEWEST_SIZES, LEVEL, places

FEWEST_LEFT_OUT, FEWEST_SESSIONS = 5, 6
_Told = tuple[float, tuple[float, float, str] | None]


@dataclass(frozen=True, slots=True)
class _Size:
    """One size, its layers, and the median over its runs."""

    x: float
    layers: float
    y: float


def fit(samples: Samples, asked: StatedFit) -> Answer:
    """What the law says."""
    metric = metric_of(asked.metric, asked.version)
    by_run = samples.per_run(metric, asked.phase, asked.within)
    rows = [row for row in kept(samples, asked.where) if row["outcome"] in USABLE and row["run_id"] in by_run]
    at = places(samples, asked, rows)
    unit = metric.unit if asked.told in ("prediction", "first_cost") else Answer(None, 0).unit
    unit = PERCENT if asked.told == "held_out_error" else unit
    there = [row for row in rows if at is not None and at[row["run_id"]] is not None]
    found = _told(asked, there, {row["run_id"]: float((at or {})[row["run_id"]] or 0.0) for row in there}, by_run)
    if found is None:
        return Answer(None, 0, unit, meaning(metric))
    number, bounds = found
    interval = bounds and StatedInterval(low=bounds[0], high=bounds[1], level=LEVEL, method=bounds[2])
    return Answer(number, len(there), unit, meaning(metric), interval=interval or None)


def _told(asked: StatedFit, rows: list[Row], at: dict[str, float], by_run: dict[str, float]) -> _Told | None:
    if asked.told == "exponent_over_sessions":
        return _over_sessions(rows, at, by_run)
    sizes = _sizes(asked, rows, at, by_run)
    if sizes is None or len(sizes) < FEWEST_SIZES or min(min(one.x, one.layers, one.y) for one in sizes) <= 0:
        return None
    if asked.told == "held_out_error":
        return None if len(sizes) < FEWEST_LEFT_OUT else (_left_out(_LAWS[asked.law], sizes), None)
    if asked.told == "first_cost":
        return _costs([(one.layers if asked.law == "layers" else 1.0, one.x, one.y) for one in sizes])[0], None
    return _variance(sizes) if asked.told == "r_squared" else _prediction(sizes, float(asked.at or 0.0))


def _sizes(asked: StatedFit, rows: list[Row], at: dict[str, float], by_run: dict[str, float]) -> list[_Size] | None:
    own: dict[float, list[Row]] = {}
    for row in rows:
        own.setdefault(at[row["run_id"]], []).append(row)
    found = []
    for x, runs in own.items():
        layers = [json.loads(row["effective"] or "{}").get(asked.depth) for row in runs]
        if asked.law == "layers" and not all(isinstance(one, int | float) for one in layers):
            return None
        deep = median(layers) if asked.law == "layers" else 1.0
        found.append(_Size(x, deep, median(by_run[row["run_id"]] for row in runs)))
    return found


def _line(sizes: Sequence[_Size]) -> tuple[float, float]:
    found = linear_regression([math.log(one.x) for one in sizes], [math.log(one.y) for one in sizes])
    return found.slope, found.intercept


def _power(sizes: Sequence[_Size]) -> Callable[[_Size], float]:
    slope, intercept = _line(sizes)
    return lambda one: math.exp(intercept + slope * math.log(one.x))


def _overhead(sizes: Sequence[_Size]) -> Callable[[_Size], float]:
    a, b = _costs([(1.0, one.x, one.y) for one in sizes])
    return lambda one: a + b * one.x


def _layers(sizes: Sequence[_Size]) -> Callable[[_Size], float]:
    a, b = _costs([(one.layers, one.x, one.y) for one in sizes])
    return lambda one: a * one.layers + b * one.x


_LAWS = {"power": _power, "overhead": _overhead, "layers": _layers}


def _costs(rows: Sequence[tuple[float, float, float]]) -> tuple[float, float]:
    """a and b, neither negative, that make Σ (1 − (a·p + b·q) / y)² least over the rows (p, q, y)."""
    ps, qs = [p / y for p, _, y in rows], [q / y for _, q, y in rows]
    pp, qq, pq = (math.fsum(a * b for a, b in zip(*two, strict=True)) for two in ((ps, ps), (qs, qs), (ps, qs)))
    p, q = math.fsum(ps), math.fsum(qs)
    rest = pp * qq - pq * pq
    inner = ((p * qq - q * pq) / rest, (q * pp - p * pq) / rest) if rest else (-1.0, -1.0)
    if min(inner) >= 0:
        return inner
    edges = ((p / pp, 0.0), (0.0, q / qq))
    return min(edges, key=lambda ab: math.fsum((1 - ab[0] * a - ab[1] * b) ** 2 for a, b in zip(ps, qs, strict=True)))


def _left_out(law: Callable[[Sequence[_Size]], Callable[[_Size], float]], sizes: list[_Size]) -> float:
    errors = [math.log(law([other for other in sizes if other is not one])(one)) - math.log(one.y) for one in sizes]
    return 100 * (math.exp(math.sqrt(mean(error * error for error in errors))) - 1)


def _variance(sizes: Sequence[_Size]) -> _Told:
    slope, intercept = _line(sizes)
    logs = [math.log(one.y) for one in sizes]
    middle = mean(logs)
    left = math.fsum((math.log(one.y) - intercept - slope * math.log(one.x)) ** 2 for one in sizes)
    total = math.fsum((one - middle) ** 2 for one in logs)
    return (1 - left / total if total else 1.0), None


def _prediction(sizes: Sequence[_Size], x: float) -> _Told:
    slope, intercept = _line(sizes)
    n, u = len(sizes), [math.log(one.x) for one in sizes]
    middle = mean(u)
    left = math.fsum((math.log(one.y) - intercept - slope * math.log(one.x)) ** 2 for one in sizes)
    off = (math.log(x) - middle) ** 2 / math.fsum((one - middle) ** 2 for one in u)
    half = float(scipy.stats.t.ppf((1 + LEVEL) / 2, n - 2)) * math.sqrt(left / (n - 2) * (1 + 1 / n + off))
    number = math.exp(intercept + slope * math.log(x))
    return number, (number / math.exp(half), number * math.exp(half), "Student t, for one new size")


def _over_sessions(rows: list[Row], at: dict[str, float], by_run: dict[str, float]) -> _Told | None:
    """A run of a version of several sessions is called ``session/run``."""
    sessions: dict[str, dict[float, list[float]]] = {}
    for row in rows:
        own = sessions.setdefault(row["run_id"].rpartition("/")[0], {})
        own.setdefault(at[row["run_id"]], []).append(by_run[row["run_id"]])
    found = []
    for sizes in sessions.values():
        if len(sizes) >= FEWEST_SIZES:
            points = [_Size(x, 1.0, median(ys)) for x, ys in sizes.items()]
            if min(min(one.x, one.y) for one in points) <= 0:
                return None
            found.append(_line(points)[0])
    if not found:
        return None
    middle, n = mean(found), len(found)
    if n < FEWEST_SESSIONS:
        return middle, None
    half = float(scipy.stats.t.ppf((1 + LEVEL) / 2, n - 1)) * stdev(found) / math.sqrt(n)
    return middle, (middle - half, middle + half, "Student t over sessions")
