"""Reads the declared inputs of a site again: numbers that sources say, from its ``data/inputs``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from harness.units import UNITS

from ..reader.plain_files import plain_files
from ..reader.questions_json import StatedInput
from ..reader.samples import CannotAnswer
from .answer import Answer

FOLDER = Path("data/inputs")


Entry = dict[str, Any]


def entries(root: Path) -> list[Entry]:
    """What the files of the site below ``root`` declare. Raises ``CannotAnswer``."""
    return [entry for path in plain_files(root / FOLDER, "*.yml") for entry in _entries(path)]


def declared(found: Sequence[Entry], asked: StatedInput) -> Answer:
    """The one that is asked for. Raises ``CannotAnswer`` where there is none, or of another source."""
    named = [entry for entry in found if entry.get("id") == asked.name]
    if len(named) != 1:
        raise CannotAnswer(f"{len(named)} files of {FOLDER.as_posix()} declare the input {asked.name}")
    try:
        return _answer(named[0], asked)
    except (KeyError, ValueError, TypeError) as error:
        raise CannotAnswer(f"the input {asked.name} is declared without what it needs: {error}") from None


def _entries(path: Path) -> list[Entry]:
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))["inputs"]
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise CannotAnswer(f"{path.name} declares no inputs: {type(error).__name__}") from None
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _answer(entry: Entry, asked: StatedInput) -> Answer:
    for name in ("date", "region", "source"):
        if str(entry[name]) != getattr(asked, name):
            raise CannotAnswer(f"the {name} of the input {asked.name} is {entry[name]}, the site says another")
    printed = str(entry["value"])
    decimals = len(printed.partition(".")[2])
    return Answer(float(printed), None, UNITS[entry["unit"]], str(entry["what"]), decimals=decimals)
