"""What all blocks say of a primary contrast, from the designs that were sealed with each session."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

import numpy as np

from harness.metrics import METRICS
from harness.metrics.definition import RunMetric, TablesMetric, TaskMetric
from harness.stats.comparison.family import FamilyEffect, family_effects
from harness.units import ONE, RATIO

from ..reader.dataset import USABLE
from ..reader.questions_json import StatedPrimary
from ..reader.samples import CannotAnswer, Samples
from .answer import Answer, stated
from .contrast import other_levels

MEASURED = "measured"
Sealed = Mapping[str, Any]


def primary(samples: Samples, asked: StatedPrimary) -> Answer:
    """The answer, after the log ratios of its whole family were made again."""
    newest = {one["id"]: one for design in samples.designs.values() for one in design.get("primaries", ())}
    sealed = newest.get(asked.primary)
    if sealed is None:
        raise CannotAnswer(f"no session of the dataset sealed a primary {asked.primary}")
    family = {key: one for key, one in newest.items() if one["family"] == sealed["family"]}
    without, host = asked.flagged == "left out", asked.host
    effects = samples.once(
        ("family", sealed["family"], without, host),
        lambda: _effects(samples, list(family.values()), host, without=without),
    )
    metric = METRICS[sealed["metric"]]
    return _answer(effects[list(family).index(asked.primary)], asked, f"{metric.name}: {metric.formula}")


def _effects(samples: Samples, family: Sequence[Sealed], host: str, *, without: bool) -> Sequence[FamilyEffect]:
    logs = [np.array(_logarithms(samples, one, host, without=without)) for one in family]
    return family_effects(logs, [one["margin"] for one in family])


def _logarithms(samples: Samples, sealed: Sealed, host: str, *, without: bool) -> list[float]:
    """One for each session (of ``host``, where it is named) that sealed exactly this primary, or for each block of a
    dataset of one session."""
    declared = [prefix for prefix, design in samples.designs.items() if sealed in design.get("primaries", ())]
    prefixes = [prefix for prefix in declared if not host or samples.hosts[prefix] == host]
    by_run, several = _numbers(samples, sealed), len(samples.designs) > 1
    column, cells = f"level.{sealed['factor']}", dict[tuple[Any, ...], dict[Any, float]]()
    names = other_levels(samples.runs[0], column) if samples.runs else []
    for row in samples.runs:
        number = by_run.get(row["run_id"], 0.0)
        if row["outcome"] not in USABLE or number <= 0 or (without and row["flags"] not in (None, "", "{}")):
            continue
        prefix = next((one for one in prefixes if row["run_id"].startswith(one)), None)
        if prefix is None or any(row[f"level.{name}"] != level for name, level in sealed["where"].items()):
            continue
        others = tuple(row[name] for name in names)
        cells.setdefault((prefix, row["block"], others), {})[row[column]] = math.log(number)
    blocks: dict[tuple[str, int], list[float]] = {}
    for (prefix, block, _), found in cells.items():
        if sealed["level"] in found and sealed["reference"] in found:
            blocks.setdefault((prefix, block), []).append(found[sealed["level"]] - found[sealed["reference"]])
    units: dict[Any, list[float]] = {}
    for (prefix, block), logarithms in blocks.items():
        units.setdefault(prefix if several else block, []).append(fmean(logarithms))
    return [fmean(logarithms) for logarithms in units.values()]


def _numbers(samples: Samples, sealed: Sealed) -> dict[str, float]:
    metric = METRICS[sealed["metric"]]
    of_run = isinstance(metric, RunMetric | TablesMetric)
    phase = None if of_run or isinstance(metric, TaskMetric) else MEASURED
    return samples.per_run(metric, phase, None if of_run else sealed["within"])


def _answer(found: FamilyEffect, asked: StatedPrimary, meaning: str) -> Answer:
    if asked.of == "blocks":
        return Answer(found.n, found.n, ONE, meaning, decimals=0)
    if asked.of == "ratio":
        ratio = found.ratio
        return Answer(
            ratio.value if ratio else None, found.n, RATIO, meaning, interval=stated(ratio.interval) if ratio else None
        )
    numbers = {"p_effect": found.p_effect, "p_equivalent": found.p_equivalent, "detectable": found.detectable}
    number = numbers[asked.of]
    return Answer(number, 0 if number is None else found.n, RATIO if asked.of == "detectable" else ONE, meaning)
