"""`reports build`: the whole site."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from harness.errors import DataError

from ..build.verdict import problems
from ..caching.store import Store
from . import options
from .render import render

SITE = Path("site")


def build(
    out: Annotated[Path, typer.Option("--out", help="Folder of the built site; what is in it is replaced.")] = Path(
        "site"
    ),
    data: options.Data = options.DATA,
) -> None:
    """Build the site, and have it judged. Every error of every page is reported, and any of them fails the build.

    The referee of `reports verify` recomputes what the built site says, once for the same site.

    Example: reports build --data .bindery/data
    """
    started = time.monotonic()
    project = options.project(data)
    rendered = render(project)
    site = out.resolve()
    try:
        status = options.mkdocs(project, ["build", "--strict", "--quiet", "--site-dir", str(site)])
    finally:
        with suppress(OSError):
            rendered.finish()
    if status:
        raise typer.Exit(status)
    wrong = problems(site, Store(project.cache))
    if wrong:
        raise DataError("the site is built and says what its data do not:\n" + "\n".join(wrong))
    seconds = time.monotonic() - started
    options.console().print(
        f"{len(rendered.pages)} generated pages in {seconds:.1f} s: {(site / 'index.html').as_uri()}"
    )
