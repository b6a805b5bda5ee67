"""The `harness` command."""

from __future__ import annotations

import signal

import typer

from .command_line import Commands, command_line, run
from .registry import Registry
from .unneeded import HTTPX_COMMAND, PANDAS, refuse

COMMANDS: Commands = Registry(
    "command",
    ("bench", "harness.commands.bench:bench"),
    ("run", "harness.commands.run:run"),
    ("record", "harness.commands.record:record"),
    ("plan", "harness.commands.plan:plan"),
    ("seal", "harness.commands.seal:seal"),
    ("recover", "harness.commands.recover:recover"),
    ("studies", "harness.commands.studies:studies"),
    ("datasets", "harness.commands.datasets:datasets"),
    ("show", "harness.commands.show:show"),
    ("compare", "harness.commands.compare:compare"),
    ("agent", "harness.commands.agent:agent"),
    ("doctor", "harness.commands.doctor:doctor"),
    ("calibrate", "harness.commands.calibrate:calibrate"),
    ("audit", "harness.commands.audit:audit"),
    ("export", "harness.commands.export_dataset:export_dataset"),
    ("import", "harness.commands.import_dataset:import_dataset"),
)


def app(wanted: str | None = None) -> typer.Typer:
    """The command line with all commands, or with the one that is ``wanted``."""
    return command_line(COMMANDS, "Measure LLM inference and seal the results as datasets.", wanted)


def main() -> None:
    """Entry point. Ctrl-C and a polite kill end alike, also where the shell began us with the signal ignored."""
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.default_int_handler)
    refuse(PANDAS, HTTPX_COMMAND)
    run("harness", app)
