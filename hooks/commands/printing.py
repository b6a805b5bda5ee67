"""How the commands print: lines and tables for people, JSON for machines."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")]
Data = Annotated[Path | None, typer.Option("--data", help="Folder of sealed datasets.", envvar="BINDERY_DATA")]
Report = Annotated[str, typer.Argument(help="A report, such as tr108.")]


def console() -> Console:
    """For people; plain where the output is no terminal. Nothing printed is read as console markup."""
    return Console(width=None if sys.stdout.isatty() else 160, highlight=False, markup=False)


def print_json(data: object) -> None:
    """One JSON document on stdout."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))
