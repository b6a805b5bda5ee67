"""Fits a law again over the cells of a dataset: the exponent of a power law, or a rank correlation.

The published recipe, followed here from its description. Every run stands at a number: the level of its factor, a
setting that its engine reported, or the median of another metric over the runs of its cell. A power law has a point for
each such number, the median over its runs, and needs four; its exponent is the slope of least squares on logarithms,
with Student's interval for n − 2 degrees of freedom. A correlation has a point for each cell, and needs ten; its
interval is tanh(atanh r ± t · √((1 + r² / 2) / (n − 3))), t of n − 2 degrees of freedom. There r counts for no more
than 1 − 12 / (n³ − n); from 0.9 on the interval reaches to one, and from −0.9 down to minus one.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

import numpy as np
import scipy

from ..reader.dataset import USABLE
from ..reader.questions_json import LevelAxis, SettingAxis, StatedCorrelation, StatedFit, StatedSlope
from ..reader.samples import CannotAnswer, Samples
from ..reader.values_json import StatedInterval
from .answer import Answer, Row, kept
from .estimate import meaning, metric_of

LEVEL = 0.95
FEWEST_SIZES, FEWEST_CELLS = 4, 10
Points = Mapping[Any, tuple[float, list[float]]]


def slope(samples: Samples, asked: StatedSlope) -> Answer:
    """The exponent of the power law, with its interval."""
    return _law(samples, asked, lambda at, _: at, _exponent)


def correlation(samples: Samples, asked: StatedCorrelation) -> Answer:
    """The rank correlation, with its interval."""
    return _law(samples, asked, lambda _, row: row["cell_id"], _ranks)


_Fitted = tuple[float, float, float, str]


def _law(
    samples: Samples,
    asked: StatedSlope | StatedCorrelation,
    group: Callable[[float, Row], Any],
    fit: Callable[[list[float], list[float]], _Fitted | None],
) -> Answer:
    metric = metric_of(asked.metric, asked.version)
    by_run = samples.per_run(metric, asked.phase, asked.within)
    rows = [row for row in kept(samples, asked.where) if row["outcome"] in USABLE and row["run_id"] in by_run]
    numbers = places(samples, asked, rows)
    points: dict[Any, tuple[float, list[float]]] = {}
    for row in rows if numbers is not None else ():
        at = (numbers or {}).get(row["run_id"])
        if at is not None:
            points.setdefault(group(at, row), (at, []))[1].append(by_run[row["run_id"]])
    found = fit([at for at, _ in points.values()], [median(own) for _, own in points.values()])
    if found is None:
        return Answer(None, 0, meaning=meaning(metric))
    number, low, high, method = found
    interval = StatedInterval(low=low, high=high, level=LEVEL, method=method)
    return Answer(number, sum(len(own) for _, own in points.values()), meaning=meaning(metric), interval=interval)


def _exponent(x: list[float], y: list[float]) -> _Fitted | None:
    if len(x) < FEWEST_SIZES or min(*x, *y) <= 0:
        return None
    line = scipy.stats.linregress(np.log(x), np.log(y))
    half = float(scipy.stats.t.ppf((1 + LEVEL) / 2, len(x) - 2)) * float(line.stderr)
    return float(line.slope), float(line.slope) - half, float(line.slope) + half, "Student t on logarithms"


def _ranks(x: list[float], y: list[float]) -> _Fitted | None:
    n = len(x)
    if n < FEWEST_CELLS or len(set(x)) == 1 or len(set(y)) == 1:
        return None
    r = float(np.corrcoef(scipy.stats.rankdata(x), scipy.stats.rankdata(y))[0, 1])
    most = 1 - 12 / (n**3 - n)
    inner = float(np.clip(r, -most, most))
    half = float(scipy.stats.t.ppf((1 + LEVEL) / 2, n - 2)) * math.sqrt((1 + inner**2 / 2) / (n - 3))
    low, high = (math.tanh(math.atanh(inner) + side * half) for side in (-1, 1))
    return r, low if r > -0.9 else -1.0, high if r < 0.9 else 1.0, "Fisher z, Bonett and Wright"


def places(
    samples: Samples, asked: StatedSlope | StatedCorrelation | StatedFit, rows: list[Row]
) -> dict[str, float | None] | None:
    """Where each run stands; null where one stands at something that is no number."""
    over = asked.over
    if isinstance(over, LevelAxis):
        if rows and f"level.{over.factor}" not in rows[0]:
            raise CannotAnswer(f"the runs have no factor {over.factor}")
        return _numbers({row["run_id"]: row[f"level.{over.factor}"] for row in rows})
    if isinstance(over, SettingAxis):
        return _numbers({row["run_id"]: json.loads(row["effective"] or "{}").get(over.key) for row in rows})
    other = samples.per_run(metric_of(over.metric, over.version), over.phase, over.within)
    cells: dict[str, list[float]] = {}
    for row in kept(samples, asked.where):
        if row["outcome"] in USABLE and row["run_id"] in other:
            cells.setdefault(row["cell_id"], []).append(other[row["run_id"]])
    return {row["run_id"]: median(cells[row["cell_id"]]) if row["cell_id"] in cells else None for row in rows}


def _numbers(found: Mapping[str, Any]) -> dict[str, float | None] | None:
    for level in found.values():
        if level is not None and (isinstance(level, bool) or not isinstance(level, int | float)):
            return None
    return dict(found)
