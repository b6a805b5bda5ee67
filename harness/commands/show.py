"""`harness show`: what a sealed dataset says, cell by cell."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated

import numpy as np
import typer
from rich.table import Table
from rich.text import Text

from ..datasets.catalog import find, recording_number, version_number
from ..datasets.manifest import Manifest
from ..datasets.read import Dataset
from ..datasets.stored_design import declared_matrix
from ..design import Factor
from ..errors import UsageError
from ..events import Phase
from ..metrics.runs import RunValues, per_runs
from ..outcomes import NoValue, Status
from ..stats.intervals.interval import Interval, interval
from ..terminal import Terminal
from ..units import counted
from . import options


@dataclass(frozen=True, slots=True)
class Line:
    """One metric of one cell: the median over its runs, or why there is none.

    ``failed`` and ``degraded`` are percentages of the cell's measured requests; null where it has none.
    """

    cell: dict[str, object]
    metric: str
    unit: str
    n: int
    median: float | None
    low: float | None
    high: float | None
    missing: str | None
    failed: float | None
    degraded: float | None


def show(
    study: Annotated[str, typer.Argument(help="Study of the dataset, such as tr108.")],
    version: Annotated[
        str | None, typer.Argument(help="Version or recording, such as v1 or r0001; the newest version without it.")
    ] = None,
    metric: Annotated[list[str] | None, typer.Option("--metric", help="A metric id; may be repeated.")] = None,
    as_json: options.Json = False,
    data: options.Data = options.DATA,
) -> None:
    """Show a dataset: its identity, and each cell's metrics as median and 95 % interval over runs.

    Example: harness show tr108 v1 --metric ttft --metric decode_tps
    """
    dataset = Dataset.open(find(data, study, name_of(version)).path)
    manifest = dataset.manifest
    lines = list(_lines(dataset, metric or _usual(manifest)))
    if as_json:
        options.print_json(
            {
                "manifest": manifest.model_dump(),
                "status": manifest.status,
                "digest": dataset.digest,
                "sessions": {one.session: one.manifest.model_dump() for one in dataset.recordings},
                "cells": [asdict(line) for line in lines],
            }
        )
        return
    console = Terminal()
    outcomes = ", ".join(f"{n} {status}" for status, n in manifest.outcomes.items())
    options.say(Text(dataset.label, "bold"), f" {manifest.title}, profile {manifest.profile}, {outcomes}")
    for one in dataset.recordings:
        said, machine = one.manifest, one.manifest.environment.get("cpu_model")
        status = f"{said.status}," if said.imported else said.status
        place = "" if said.imported and machine is None else f" on {machine}"
        options.say(f"{one.session}: {counted(said.recorded_runs, 'run')}, {status} {said.created}{place}")
    options.say(f"sha256 {dataset.digest}")
    table = Table("Cell", "Metric", "Runs", "Median", "95 % interval", "Requests failed", "degraded")
    for line in lines:
        cell = ", ".join(f"{name}={value}" for name, value in line.cell.items())
        median = "–" if line.median is None else f"{line.median:.4g} {line.unit}"
        bounds = line.missing if line.low is None else f"{line.low:.4g} … {line.high:.4g}"
        table.add_row(cell, line.metric, str(line.n), median, bounds, _share(line.failed), _share(line.degraded))
    console.print(table)


def _usual(manifest: Manifest) -> list[str]:
    """What is shown where nobody asks: of the results of another tool all that can be asked."""
    asked = manifest.design.get("metrics")
    if manifest.imported and isinstance(asked, list):
        return [str(name) for name in asked]
    return ["ttft", "tpot", "decode_tps"]


def _share(percent: float | None) -> str:
    return "–" if percent is None else f"{percent:.3g} %"


def name_of(version: str | None) -> str | None:
    """The name of a version or of a recording, as a person types it. Raises ``UsageError``."""
    if version is None:
        return None
    name = f"v{version}" if version.isdecimal() else version
    if version_number(name) is None and recording_number(name) is None:
        raise UsageError(f"{version!r} is not a version; versions are called v1, v2, … and recordings r0001, …")
    return name


def _lines(dataset: Dataset, metrics: list[str]) -> Iterator[Line]:
    factors = declared_matrix(dataset.manifest.design).factors
    ended = _ended(dataset)
    for values in per_runs(dataset.runs, dataset.requests, metrics, tables=dataset).values():
        lines = []
        for cell in dict.fromkeys(values.columns["cell_id"].tolist()):
            chosen = values.take(values.columns["cell_id"] == cell)
            levels = {factor.name: chosen.columns[factor.name][:1].tolist()[0] for factor in factors}
            lines.append(_line(levels, chosen, ended.get(cell, Counter())))
        yield from sorted(lines, key=lambda line: _place(line.cell, factors))


def _place(levels: Mapping[str, object], factors: Sequence[Factor]) -> tuple[int, ...]:
    """Where a cell stands in the declared order of levels; a level that is stored as text is found by its text."""
    return tuple([str(level) for level in factor.levels].index(str(levels[factor.name])) for factor in factors)


def _ended(dataset: Dataset) -> dict[str, Counter[str]]:
    """How the measured requests of each cell ended."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in dataset.requests.select(["cell_id", "phase", "outcome"]).to_pylist():
        if row["phase"] == Phase.MEASURED:
            found[row["cell_id"]][row["outcome"]] += 1
    return found


def _line(levels: dict[str, object], values: RunValues, ended: Counter[str]) -> Line:
    present = values.present
    bounds, missing = _interval(values)
    return Line(
        cell=levels,
        metric=values.metric_id,
        unit=values.unit.symbol,
        n=len(present),
        median=float(np.median(present)) if len(present) else None,
        low=bounds.low if bounds else None,
        high=bounds.high if bounds else None,
        missing=missing,
        failed=_percent(ended, Status.FAILED),
        degraded=_percent(ended, Status.DEGRADED),
    )


def _percent(ended: Counter[str], status: Status) -> float | None:
    return 100 * ended[status] / ended.total() if ended else None


def _interval(values: RunValues) -> tuple[Interval | None, str | None]:
    try:
        return interval(values.present), None
    except NoValue as none:
        return None, none.reason.value
