"""The page *Do the intervals cover?*: how often each procedure found the truth that a simulation gave it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment

from harness.units import ONE, PERCENT, convert

from ..content.blocks import Cell, Column, Content, Lit, Table
from ..rendering.page import Page
from ..rendering.scope import Scope
from ..text.naming import slug
from ..text.numbers import has_number
from ..values.evidence import Strength
from ..values.value import Value
from .numbers import rows_at, with_numbers

PATH = "methodology/coverage.md"
SOURCE = "methodology/coverage.json"
TITLE = "Do the intervals cover?"
SIGNS = {"+": "plus", "−": "minus", "×": "times", "/": "over"}
Row = Mapping[str, Any]


def render_simulations(source: Path, environment: Environment) -> tuple[Page, Page]:
    """The page of the figures that ``tests/benchmarks/coverage_simulation.py`` writes into ``source``."""
    body = json.loads(source.read_bytes())
    groups = _by_procedure(body["rows"])
    tables = [(procedure[0].upper() + procedure[1:], _table(procedure, rows)) for procedure, rows in groups]
    simulations = simulated("simulations a row", body["simulations"], None, "simulations of a row")
    context = {"simulations": simulations, "tables": tables}
    return with_numbers(environment, Scope(Content(), rows_at(PATH)), PATH, TITLE, context)


def simulated(name: str, number: float | None, n: int | None, meaning: str, *, share: bool = False) -> Value:
    """A figure of the simulation; a ``share`` is shown in per cent, a null one was not to be had."""
    shown = convert(number, ONE, PERCENT) if share and number is not None else number
    return Value(
        shown,
        PERCENT if share else ONE,
        Strength.MODELLED,
        n=n,
        missing="no interval was printed" if number is None else None,
        source=SOURCE,
        operation="simulated",
        definition=meaning,
        decimals=int(share),
        name=name,
    )


def _by_procedure(rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    """The rows of each procedure, in the order in which the procedures first come."""
    order = list(dict.fromkeys(row["procedure"] for row in rows))
    in_order = sorted(rows, key=lambda row: order.index(row["procedure"]))
    for procedure, found in groupby(in_order, key=lambda row: str(row["procedure"])):
        yield procedure, list(found)


def _table(procedure: str, rows: Sequence[Row]) -> Table:
    columns = (
        Column("runs"),
        Column("shape"),
        Column("found", PERCENT),
        Column("printed", PERCENT),
        Column("promised"),
        Column("holds"),
    )
    return Table(_named(procedure), "How often it found, by runs and shape", columns, tuple(map(_cells, rows)))


def _named(procedure: str) -> str:
    """A name of its own for each procedure: those that differ in a sign alone differ in a word."""
    for sign, word in SIGNS.items():
        procedure = procedure.replace(f" {sign} ", f" {word} ")
    return slug(procedure)


def _cells(row: Row) -> tuple[Cell, ...]:
    asked = f"{row['procedure']}, {row['shape']}, {row['n']}"
    return (
        Lit(row["n"], "setting"),
        _words(row["shape"]),
        simulated(f"{asked}, found", row["share"], row["simulations"], "simulations that found the truth", share=True),
        simulated(f"{asked}, printed", row["printed"], row["simulations"], "simulations with an answer", share=True),
        _words(row["promise"], "threshold"),
        "" if row["promise"] == "shown" else "yes" if row["holds"] else "no",
    )


def _words(text: str, kind: str = "definition") -> Cell:
    return Lit(text, kind) if has_number(text) else text
