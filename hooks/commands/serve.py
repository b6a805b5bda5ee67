"""`reports serve`: the site with live reload."""

from __future__ import annotations

from typing import Annotated

import typer

from . import options


def serve(
    address: Annotated[str, typer.Option("--address", help="Host and port to listen on.")] = "127.0.0.1:8000",
    data: options.Data = options.DATA,
) -> None:
    """Serve the site and rebuild it when prose, a template, a report module or a dataset changes.

    A page with an error shows it in place; the others keep working. Example: reports serve --address 127.0.0.1:8080
    """
    raise typer.Exit(options.mkdocs(options.project(data), ["serve", "--livereload", "--dev-addr", address]))
