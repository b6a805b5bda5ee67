"""What several commands of `reports` share."""

from __future__ import annotations

import json
import os
import runpy
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from harness.errors import UsageError
from harness.terminal import Terminal, plain

from ..project import PACKAGE, Project

DATA_VARIABLE = "BINDERY_DATA"

Data = Annotated[
    Path,
    typer.Option("--data", envvar=DATA_VARIABLE, help="Folder of sealed datasets; another than data is local."),
]
Report = Annotated[str, typer.Argument(help="A report, such as tr108.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")]
DATA = Path("data")


def project(data: Path) -> Project:
    """The project in the current folder, or in the nearest one above it; elsewhere that of this program, with the data
    of the current folder. Raises ``UsageError`` without its data."""
    found = Project.at(root() or _installed() or Path.cwd(), data if root() else data.resolve())
    if not found.data.is_dir():
        raise UsageError(f"there is no data folder {data}; record one: harness run tr108 --seal --data {data}")
    return found


def root() -> Path | None:
    """The current folder or the nearest one above it that holds a project; ``None`` outside of one."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "mkdocs.yml").is_file()), None)


def _installed() -> Path | None:
    """The project that this program is of; ``None`` where it was installed without one."""
    folder = PACKAGE.parent
    return folder if (folder / "mkdocs.yml").is_file() else None


def console() -> Terminal:
    """Where messages for people go."""
    return Terminal(soft_wrap=True)


def echo(line: str) -> None:
    """One line for people and for other programs."""
    typer.echo(plain(line))


def print_json(data: Any) -> None:
    """One JSON document on standard output."""
    typer.echo(json.dumps(data, indent=2, allow_nan=False))


def mkdocs(found: Project, arguments: Sequence[str]) -> int:
    """Runs MkDocs in this process, in the project's folder and on its data root, and returns its exit status."""
    os.environ |= {DATA_VARIABLE: str(found.data), "NO_MKDOCS_2_WARNING": "1"}
    os.chdir(found.root)
    sys.argv = ["mkdocs", *arguments]
    try:
        runpy.run_module("mkdocs", run_name="__main__")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    return 0
