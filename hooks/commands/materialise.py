"""`reports materialise`: the site's sources as plain Markdown."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.units import counted

from ..outputs.plain_markdown import materialise as write_out
from . import options
from .render import render


def materialise(
    out: Annotated[Path, typer.Argument(help="Folder to write; it must be new or empty.")],
    data: options.Data = options.DATA,
) -> None:
    """Write all pages as plain Markdown with their files: any Markdown tool shows them, no hook is needed.

    Example: reports materialise build/markdown
    """
    project = options.project(data)
    count = write_out(project, render(project), out)
    options.console().print(f"{counted(count, 'file')} in {out}")
