"""What both command lines are made of: commands by name, of which one is run, and errors in one line."""

from __future__ import annotations

import sys
from collections.abc import Callable

import typer

from .errors import BinderyError
from .registry import Registry
from .terminal import plain

Commands = Registry[Callable[..., None]]


def command_line(commands: Commands, says: str, wanted: str | None = None) -> typer.Typer:
    """The command line with all commands, or with the one that is ``wanted``: the others are not even imported."""
    line = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=says)
    line.callback()(lambda: None)
    for name in [wanted] if wanted is not None and wanted in commands else commands:
        line.command(name)(commands.load(name))
    return line


def run(name: str, app: Callable[[str | None], typer.Typer]) -> None:
    """Runs the command that was typed. A deliberate error is one line on stderr and its own exit status."""
    try:
        app(next(iter(sys.argv[1:]), None))()
    except BinderyError as error:
        typer.echo(f"{name}: {plain(str(error))}", err=True)
        sys.exit(error.exit_code)
