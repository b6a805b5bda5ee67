"""The `harness` command: parse, call, map errors to exit codes."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable

import typer

from .errors import BinderyError
from .registry import Registry

COMMANDS: Registry[Callable[..., None]] = Registry(
    "command",
    ("run", "harness.commands.run:run"),
    ("seal", "harness.commands.seal:seal"),
    ("recover", "harness.commands.recover:recover"),
    ("studies", "harness.commands.studies:studies"),
    ("datasets", "harness.commands.datasets:datasets"),
    ("show", "harness.commands.show:show"),
    ("doctor", "harness.commands.doctor:doctor"),
    ("calibrate", "harness.commands.calibrate:calibrate"),
    ("audit", "harness.commands.audit:audit"),
    ("export", "harness.commands.export_dataset:export_dataset"),
    ("import", "harness.commands.import_dataset:import_dataset"),
)


def app(wanted: str | None = None) -> typer.Typer:
    """The command line with all commands, or with the one that is ``wanted``: the others are not even imported."""
    line = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="Measure LLM inference and seal the results as datasets.",
    )
    line.callback()(lambda: None)
    for name in [wanted] if wanted is not None and wanted in COMMANDS else COMMANDS:
        line.command(name)(COMMANDS.load(name))
    return line


def main() -> None:
    """Entry point. A deliberate error is one line on stderr and its own exit status.

    Ctrl-C and a polite kill end alike, also where the shell began us with the signal ignored.
    """
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.default_int_handler)
    try:
        app(next(iter(sys.argv[1:]), None))()
    except BinderyError as error:
        typer.echo(f"harness: {error}", err=True)
        sys.exit(error.exit_code)
