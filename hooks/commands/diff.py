"""`reports diff`: two versions of a dataset, number by number."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table

from harness.datasets.catalog import find, version_number
from harness.datasets.read import Dataset
from harness.design import level_key
from harness.errors import UnknownName, UsageError

from ..analysis.dataset_diff import Difference, Moved, diff
from ..editions.prose import read_prose
from ..project import Project
from ..values.formatting import MISSING, figure
from ..values.value import Value
from . import options

Version = Annotated[
    str, typer.Argument(help="A dataset version, such as v1, or the name of a dataset in a report over several.")
]
Everything = Annotated[bool, typer.Option("--all", help="Show unchanged numbers, too.")]


def diff_versions(
    report: options.Report,
    first: Version,
    second: Version,
    everything: Everything = False,
    as_json: options.Json = False,
    data: options.Data = options.DATA,
) -> None:
    """Compare two datasets of one study: what moved by more than the interval of its difference.

    Example: reports diff tr108 v1 v2
    """
    project = options.project(data)
    datasets = [_open(project, report, wanted) for wanted in (first, second)]
    studies = {dataset.manifest.study for dataset in datasets}
    if len(studies) > 1:
        raise UsageError(f"{first} and {second} are of different studies, {' and '.join(sorted(studies))}")
    found = diff(*datasets)
    if as_json:
        options.print_json(_record(found))
    else:
        _print(found, everything=everything)


def _open(project: Project, report: str, wanted: str) -> Dataset:
    """A version of the report's study, or the dataset of that name in a report over several."""
    written = project.docs / "reports" / f"{report}.md"
    named = read_prose(written).front.datasets if written.is_file() else {}
    if named and wanted not in named:
        raise UnknownName(f"dataset of {report}", wanted, named)
    study, _, version = named.get(wanted, f"{report}/{wanted}").partition("/")
    number = version_number(version)
    if number is None:
        raise UsageError(f"{version!r} is no version; write such as v1")
    return Dataset.open(find(project.data, study, number).path)


def _print(found: Difference, *, everything: bool) -> None:
    console = options.console()
    for name, (one, other) in found.facts.items():
        console.print(f"{name}: {one} → {other}")
    shown = found.numbers if everything else found.changed
    if shown:
        table = Table("cell", "metric", found.first, found.second, "difference", "found")
        for moved in shown:
            table.add_row(_cell(moved), moved.metric, *map(_shown, (moved.first, moved.second)), *_verdict(moved))
        console.print(table)
    confirmed = sum(moved.confirmed for moved in found.numbers)
    console.print(
        f"{len(found.changed)} of {len(found.numbers)} numbers moved beyond the interval of their difference;"
        f" {confirmed} stand after correction for that many comparisons."
    )


def _cell(moved: Moved) -> str:
    return ", ".join(f"{name}={level if isinstance(level, str) else level_key(level)}" for name, level in moved.cell)


def _shown(value: Value | None) -> str:
    return MISSING if value is None else f"{value.text} ({value.low}–{value.high})" if value.interval else value.text


def _verdict(moved: Moved) -> tuple[str, str]:
    interval = moved.difference.interval if moved.difference else None
    at = moved.second.place if moved.second else 0
    bounds = f"{figure(interval.low, at)} to {figure(interval.high, at)}" if interval else MISSING
    return bounds, moved.found + (", stands after correction" if moved.confirmed else "")


def _record(found: Difference) -> dict[str, Any]:
    return {
        "first": found.first,
        "second": found.second,
        "facts": {name: list(pair) for name, pair in found.facts.items()},
        "numbers": [
            {
                "cell": dict(moved.cell),
                "metric": moved.metric,
                "first": moved.first and moved.first.number,
                "second": moved.second and moved.second.number,
                "difference": moved.difference and moved.difference.value,
                "interval": [moved.difference.interval.low, moved.difference.interval.high]
                if moved.difference and moved.difference.interval
                else None,
                "p_value": moved.p_value,
                "found": moved.found,
                "confirmed": moved.confirmed,
            }
            for moved in found.numbers
        ],
    }
