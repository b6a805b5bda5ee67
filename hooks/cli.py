"""The `reports` command."""

from __future__ import annotations

import typer

from harness.command_line import Commands, command_line, run
from harness.registry import Registry
from harness.unneeded import HTTPX_COMMAND, PANDAS, refuse

COMMANDS: Commands = Registry(
    "command",
    ("build", "hooks.commands.build:build"),
    ("serve", "hooks.commands.serve:serve"),
    ("materialise", "hooks.commands.materialise:materialise"),
    ("value", "hooks.commands.value:value"),
    ("new", "hooks.commands.new:new"),
    ("review", "hooks.commands.review:review"),
    ("diff", "hooks.commands.diff:diff_versions"),
    ("preview", "hooks.commands.preview:preview_version"),
    ("bind", "hooks.commands.bind:bind"),
    ("verify", "hooks.commands.verify:verify_site"),
)


def app(wanted: str | None = None) -> typer.Typer:
    """The command line with all commands, or with the one that is ``wanted``."""
    return command_line(COMMANDS, "Publish sealed datasets as reports whose every number is bound to its data.", wanted)


def main() -> None:
    """Entry point."""
    refuse(PANDAS, HTTPX_COMMAND)
    run("reports", app)


if __name__ == "__main__":
    main()
