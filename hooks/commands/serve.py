"""`reports serve`: the site with live reload."""

from __future__ import annotations

import socket
from typing import Annotated

import typer

from harness.errors import UsageError

from . import options


def serve(
    address: Annotated[str, typer.Option("--address", help="Host and port to listen on.")] = "127.0.0.1:8000",
    data: options.Data = options.DATA,
) -> None:
    """Serve the site and rebuild it when prose, a template, a report module or a dataset changes.

    A page with an error shows it in place; the others keep working. Example: reports serve --address 127.0.0.1:8080
    """
    _free(address)
    raise typer.Exit(options.mkdocs(options.project(data), ["serve", "--livereload", "--dev-addr", address]))


def _free(address: str) -> None:
    """Raises ``UsageError`` at once where nothing can listen there, which MkDocs would say after a whole build."""
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise UsageError(f"{address!r} is no address; write a host and a port, such as 127.0.0.1:8000")
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(place)
    except OSError as error:
        raise UsageError(f"cannot listen on {address}: {error.strerror}; choose another with --address") from None
