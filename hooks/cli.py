"""The `reports` command: parse, call, map errors to exit codes."""

from __future__ import annotations

import sys
from collections.abc import Callable

import typer

from harness.errors import BinderyError
from harness.registry import Registry

COMMANDS: Registry[Callable[..., None]] = Registry(
    "command",
    ("build", "hooks.commands.build:build"),
    ("serve", "hooks.commands.serve:serve"),
    ("materialise", "hooks.commands.materialise:materialise"),
    ("value", "hooks.commands.value:value"),
    ("review", "hooks.commands.review:review"),
    ("diff", "hooks.commands.diff:diff_versions"),
    ("preview", "hooks.commands.preview:preview_version"),
    ("verify", "hooks.commands.verify:verify_site"),
)


def app(wanted: str | None = None) -> typer.Typer:
    """The command line with all commands, or with the one that is ``wanted``: the others are not even imported."""
    line = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="Publish sealed datasets as reports whose every number is bound to its data.",
    )
    line.callback()(lambda: None)
    for name in [wanted] if wanted is not None and wanted in COMMANDS else COMMANDS:
        line.command(name)(COMMANDS.load(name))
    return line


def main() -> None:
    """Entry point. A deliberate error is one line on stderr and its own exit status."""
    try:
        app(next(iter(sys.argv[1:]), None))()
    except BinderyError as error:
        typer.echo(f"reports: {error}", err=True)
        sys.exit(error.exit_code)
