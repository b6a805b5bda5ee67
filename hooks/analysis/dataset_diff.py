"""Two versions of a dataset, number by number: every cell and metric, and what moved by more than its interval.

The run is the unit. A difference is Hodges and Lehmann's with its rank-sum interval; it counts as *changed* where
that interval leaves zero out, and as *confirmed* where it stays so after Benjamini and Hochberg's correction over
everything that is compared here (exploration: no hypothesis was declared).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from harness.datasets.read import Dataset
from harness.design import level_key
from harness.metrics import METRICS
from harness.outcomes import NoValue
from harness.stats.comparison.compare import compare
from harness.stats.intervals.interval import Estimate
from harness.stats.significance.multiplicity import benjamini_hochberg

from ..values.evidence import Level
from ..values.value import Value
from .measurements import Measurements

Found = Literal["higher", "lower", "no change found", "too few runs", "only in the first", "only in the second"]
RATE = 0.05
_MANIFEST = ("profile", "fingerprint", "planned_runs", "outcomes", "calibration", "created")


@dataclass(frozen=True, slots=True)
class Moved:
    """One metric of one cell in both versions. ``difference`` is second − first, in the metric's unit."""

    cell: tuple[tuple[str, Level], ...]
    metric: str
    first: Value | None
    second: Value | None
    difference: Estimate | None
    p_value: float | None
    found: Found
    confirmed: bool = False

    @property
    def changed(self) -> bool:
        """Whether the versions differ here by more than the interval of their difference."""
        return self.found in ("higher", "lower")


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs between two versions: facts of the manifest by name, and every number."""

    first: str
    second: str
    facts: Mapping[str, tuple[object, object]]
    numbers: tuple[Moved, ...]

    @property
    def changed(self) -> tuple[Moved, ...]:
        return tuple(moved for moved in self.numbers if moved.changed)


def diff(first: Dataset, second: Dataset) -> Difference:
    """Compares two sealed versions of a study."""
    sides = Measurements(first), Measurements(second)
    moved = [_moved(sides, cell, metric) for metric in _metrics(sides) for cell in _cells(sides)]
    return Difference(first.label, second.label, dict(_facts(first, second)), tuple(_confirmed(moved)))


def _metrics(sides: tuple[Measurements, Measurements]) -> list[str]:
    declared: list[Any] = [side.dataset.manifest.design["metrics"] for side in sides]
    return [name for name in dict.fromkeys([*declared[0], *declared[1]]) if name in METRICS]


def _cells(sides: tuple[Measurements, Measurements]) -> list[tuple[tuple[str, Level], ...]]:
    """Every combination of levels that either version recorded, in order."""
    found: dict[tuple[tuple[str, Level], ...], None] = {}
    for side in sides:
        runs = side.dataset.runs
        factors = [name for name in runs.column_names if name.startswith("level.")]
        for row in runs.select(factors).to_pylist():
            found[tuple((name.removeprefix("level."), level) for name, level in row.items())] = None
    return sorted(found, key=lambda cell: [level_key(level) for _, level in cell])


def _moved(sides: tuple[Measurements, Measurements], cell: tuple[tuple[str, Level], ...], metric: str) -> Moved:
    first, second = (_value(side, cell, metric) for side in sides)
    if first is None or second is None:
        missing: Found = "only in the second" if first is None else "only in the first"
        return Moved(cell, metric, first, second, None, None, missing)
    try:
        found = compare(_runs(second), _runs(first))
    except NoValue:
        return Moved(cell, metric, first, second, None, None, "too few runs")
    interval, p_value = found.difference.interval, found.test.p_value if found.test else None
    if interval is None:
        return Moved(cell, metric, first, second, found.difference, p_value, "too few runs")
    way: Found = "higher" if interval.low > 0 else "lower" if interval.high < 0 else "no change found"
    return Moved(cell, metric, first, second, found.difference, p_value, way)


def _value(side: Measurements, cell: tuple[tuple[str, Level], ...], metric: str) -> Value | None:
    if not {f"level.{name}" for name, _ in cell} <= set(side.dataset.runs.column_names):
        return None
    value = side.value(metric, dict(cell))
    return value if value.number is not None else None


def _runs(value: Value) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    numbers = value.sample.numbers if value.sample else ()
    return np.array([number for number in numbers if number is not None], np.float64)


def _confirmed(moved: list[Moved]) -> Iterator[Moved]:
    tested = [one for one in moved if one.p_value is not None]
    adjusted = benjamini_hochberg(np.array([one.p_value for one in tested], np.float64))
    standing = {id(one) for one, p_value in zip(tested, adjusted, strict=True) if p_value <= RATE}
    for one in moved:
        confirmed = one.changed and id(one) in standing
        yield Moved(one.cell, one.metric, one.first, one.second, one.difference, one.p_value, one.found, confirmed)


def _facts(first: Dataset, second: Dataset) -> Iterator[tuple[str, tuple[object, object]]]:
    """What the manifests say differently, the machine included."""
    one, other = first.manifest.model_dump(mode="json"), second.manifest.model_dump(mode="json")
    flat = [
        {
            **{name: record[name] for name in _MANIFEST},
            "code revision": record["code"]["revision"],
            "models": ", ".join(f"{model['name']} {str(model['sha256'])[:12]}" for model in record["models"]),
            **{f"environment {name}": fact for name, fact in record["environment"].items()},
        }
        for record in (one, other)
    ]
    for name in dict.fromkeys([*flat[0], *flat[1]]):
        if flat[0].get(name) != flat[1].get(name):
            yield name, (flat[0].get(name), flat[1].get(name))
