"""Options that several commands share, and the two ways of printing."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from ..design import Study
from ..design.toml_file import read_study
from ..design.vary import with_settings
from ..errors import UsageError
from ..studies import STUDIES
from ..terminal import Terminal

Data = Annotated[Path, typer.Option("--data", help="Folder of sealed datasets.", envvar="BINDERY_DATA")]
State = Annotated[Path, typer.Option("--state", help="Folder of journals and locks.", envvar="BINDERY_STATE")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")]
StudyName = Annotated[str, typer.Argument(help="A study of `harness studies`, or the path of a .toml study file.")]
ProfileName = Annotated[str, typer.Option("--profile", help="Size of the matrix: smoke, quick or full.")]
Only = Annotated[
    list[str] | None, typer.Option("--only", help="Narrow a factor: factor=level[,level]. May be repeated.")
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", help="A setting for all runs: name=value, such as backend=ollama. May be repeated."),
]
SealedAs = Annotated[
    int | None,
    typer.Option("--version", min=1, max=999_999_999, help="The version to seal as; the next free one by default."),
]

DATA = Path("data")
STATE = Path(".bindery")


def say(*parts: str | Text) -> None:
    """One line for people, never wrapped."""
    Terminal().print(*parts, sep="", soft_wrap=True)


def warning(text: str) -> Text:
    """Words that begin a line which somebody should read."""
    return Text(text, "yellow")


def print_json(data: object) -> None:
    """For machines: one JSON document on stdout."""
    typer.echo(json.dumps(data, indent=2, default=str))


def load_study(name: str, settings: list[str] | None = None) -> Study:
    """A registered study, or the one that a file declares, under other ``settings`` where some are given."""
    return with_settings(_declared(name), parse_settings(settings))


def _declared(name: str) -> Study:
    if name.endswith(".toml"):
        return read_study(Path(name))
    return STUDIES.load(name)


def parse_only(study: Study, only: list[str] | None) -> dict[str, tuple[str | int | float | bool, ...]]:
    """``factor=level,level`` to declared levels. Raises ``UsageError`` naming what the factor has."""
    chosen = {}
    for text in only or ():
        name, equals, levels = text.partition("=")
        if not equals:
            raise UsageError(f"--only {text!r} is not of the form factor=level; for example --only threads=2")
        by_text = {str(level): level for level in study.factor(name).levels}
        unknown = [level for level in levels.split(",") if level not in by_text]
        if unknown:
            raise UsageError(f"factor {name!r} has no level {unknown[0]!r}; it has {', '.join(by_text)}")
        chosen[name] = tuple(by_text[level] for level in levels.split(","))
    return chosen


def parse_settings(given: list[str] | None) -> dict[str, str | int | float | bool]:
    """``name=value`` to settings, a value as TOML reads it or else as text. Raises ``UsageError``."""
    found: dict[str, str | int | float | bool] = {}
    for text in given or ():
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise UsageError(f"--set {text!r} is not of the form name=value; for example --set backend=ollama")
        found[name] = _value(value)
    return found


def _value(text: str) -> str | int | float | bool:
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except (tomllib.TOMLDecodeError, RecursionError):
        return text
    return value if isinstance(value, str | int | float | bool) else text
