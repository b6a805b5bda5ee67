"""The `harness` command: parse, call, map errors to exit codes."""

from __future__ import annotations

import sys

import typer

from .commands.calibrate import calibrate
from .commands.datasets import datasets
from .commands.doctor import doctor
from .commands.recover import recover
from .commands.run import run
from .commands.seal import seal
from .commands.show import show
from .commands.studies import studies
from .errors import BinderyError

COMMANDS = (run, seal, recover, studies, datasets, show, doctor, calibrate)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Measure LLM inference and seal the results as datasets.",
)
for command in COMMANDS:
    app.command()(command)


def main() -> None:
    """Entry point. A deliberate error is one line on stderr and its own exit status."""
    try:
        app()
    except BinderyError as error:
        typer.echo(f"harness: {error}", err=True)
        sys.exit(error.exit_code)
