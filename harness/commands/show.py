"""`harness show`: what a sealed dataset says, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Annotated

import numpy as np
import typer
from rich.table import Table
from rich.text import Text

from ..datasets.catalog import find, recording_number, version_number
from ..datasets.read import Dataset
from ..datasets.stored_design import declared_matrix
from ..errors import UsageError
from ..metrics.runs import RunValues, per_runs
from ..outcomes import NoValue
from ..stats.intervals.interval import Interval, interval
from ..terminal import Terminal
from ..units import counted
from . import options


@dataclass(frozen=True, slots=True)
class Line:
    """One metric of one cell: the median over its runs, or why there is none."""

    cell: dict[str, object]
    metric: str
    unit: str
    n: int
    median: float | None
    low: float | None
    high: float | None
    missing: str | None


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
    lines = list(_lines(dataset, metric or ["ttft", "tpot", "decode_tps"]))
    manifest = dataset.manifest
    if as_json:
        options.print_json(
            {
                "manifest": manifest.model_dump(),
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
        options.say(f"{one.session}: {counted(said.recorded_runs, 'run')}, recorded {said.created} on {machine}")
    options.say(f"sha256 {dataset.digest}")
    table = Table("Cell", "Metric", "Runs", "Median", "95 % interval")
    for line in lines:
        cell = ", ".join(f"{name}={value}" for name, value in line.cell.items())
        median = "–" if line.median is None else f"{line.median:.4g} {line.unit}"
        bounds = line.missing if line.low is None else f"{line.low:.4g} … {line.high:.4g}"
        table.add_row(cell, line.metric, str(line.n), median, bounds)
    console.print(table)


def name_of(version: str | None) -> str | None:
    """The name of a version or of a recording, as a person types it. Raises ``UsageError``."""
    if version is None:
        return None
    name = f"v{version}" if version.isdecimal() else version
    if version_number(name) is None and recording_number(name) is None:
        raise UsageError(f"{version!r} is not a version; versions are called v1, v2, … and recordings r0001, …")
    return name


def _lines(dataset: Dataset, metrics: list[str]) -> Iterator[Line]:
    factors = [factor.name for factor in declared_matrix(dataset.manifest.design).factors]
    for values in per_runs(dataset.runs, dataset.requests, metrics, tables=dataset).values():
        for cell in dict.fromkeys(values.columns["cell_id"].tolist()):
            chosen = values.take(values.columns["cell_id"] == cell)
            yield _line({name: chosen.columns[name][:1].tolist()[0] for name in factors}, chosen)


def _line(levels: dict[str, object], values: RunValues) -> Line:
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
    )


def _interval(values: RunValues) -> tuple[Interval | None, str | None]:
    try:
        return interval(values.present), None
    except NoValue as none:
        return None, none.reason.value
