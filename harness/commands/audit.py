"""`harness audit`: is this dataset valid?"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from ..datasets.catalog import find
from ..datasets.read import Dataset
from ..terminal import Terminal
from ..validity.audit import Row, Severity, Verdict, worst
from ..validity.audit import audit as audited
from . import options
from .show import name_of

_COLOUR = {Severity.INFO: "cyan", Severity.WARNING: "yellow", Severity.ERROR: "red"}


def audit(
    study: Annotated[str, typer.Argument(help="Study of the dataset, such as tr108.")],
    version: Annotated[
        str | None, typer.Argument(help="Version or recording, such as v1 or r0001; the newest version without it.")
    ] = None,
    as_json: options.Json = False,
    data: options.Data = options.DATA,
) -> None:
    """Check every reason to believe a dataset; exits with 0, 10 (a warning) or 20 (an error).

    Example: harness audit tr108 v1
    """
    dataset = Dataset.open(find(data, study, name_of(version)).path)
    rows = audited(dataset, data)
    if as_json:
        options.print_json([asdict(row) | {"severity": row.severity.name.lower()} for row in rows])
    else:
        _print(f"{dataset.label} ({dataset.manifest.status})", rows)
    raise typer.Exit(int(worst(rows)))


def _print(label: str, rows: tuple[Row, ...]) -> None:
    table = Table("Rule", "Verdict", "Evidence", title=f"Audit of {label}")
    for row in sorted(rows, key=lambda row: -row.severity):
        colour = _COLOUR[row.severity] if row.verdict is Verdict.BROKEN else "green"
        verdict = row.verdict.value if row.verdict is not Verdict.BROKEN else row.severity.name.lower()
        table.add_row(row.rule, Text(verdict, colour), row.evidence)
    Terminal().print(table)
