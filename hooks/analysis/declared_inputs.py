"""Reads ``data/inputs``: numbers that nobody measured here, such as prices, each with unit, date, region and source.

inputs:
  - id: electricity.commercial
    what: price of electricity for commerce
    value: "0.1312"
    unit: USD/kWh
    date: 2026-03-31
    region: United States
    source: Energy Information Administration, Electric Power Monthly, table 5.3
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from harness.errors import UnknownName, UsageError
from harness.units import UNITS

from ..text.strict_yaml import read_declaration
from ..values.evidence import Strength
from ..values.questions import Input
from ..values.value import Value

_DIGITS = re.compile(r"[0-9]{1,15}(\.[0-9]{1,20})?")


def _printed(text: str) -> str:
    if not _DIGITS.fullmatch(text):
        raise ValueError(f"{text!r} is no number of plain digits; copy them as the source prints them")
    return text


def _unit(symbol: str) -> str:
    if symbol not in UNITS:
        raise ValueError(f"unknown unit {symbol!r}; use one of: {', '.join(sorted(filter(None, UNITS)))}")
    return symbol


def _past(day: date) -> date:
    if day > (datetime.now(UTC) + timedelta(days=1)).date():
        raise ValueError(f"{day} is still to come; give the day on which the source was true")
    return day


Words = Annotated[str, Field(min_length=1, pattern=r"^[^\x00-\x1f]*\S[^\x00-\x1f]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class DeclaredInput(_Strict):
    """One input. ``value`` is text, so that the printed digits survive; ``date`` is the day that it was true on."""

    id: str = Field(pattern=r"^[a-z][a-z0-9]*([.-][a-z0-9]+)*$")
    what: Words
    value: Annotated[str, AfterValidator(_printed)]
    unit: Annotated[str, AfterValidator(_unit)]
    date: Annotated[date, AfterValidator(_past)]
    region: Words
    source: Words

    def as_value(self) -> Value:
        """The input as a value with the digits of its source."""
        question = Input(name=self.id, date=self.date.isoformat(), region=self.region, source=self.source)
        decimals = len(self.value.partition(".")[2])
        return Value(
            float(self.value),
            UNITS[self.unit],
            Strength.CITED,
            question=question,
            definition=self.what,
            decimals=decimals,
        )


class InputFile(_Strict):
    """One file of ``data/inputs``."""

    inputs: list[DeclaredInput]


@dataclass(frozen=True, slots=True)
class Inputs:
    """The declared inputs by id."""

    declared: Mapping[str, DeclaredInput]

    def value(self, name: str) -> Value:
        """An input as a value. Raises ``UnknownName``."""
        if name not in self.declared:
            raise UnknownName("input", name, self.declared)
        return self.declared[name].as_value()


NO_INPUTS = Inputs({})


def declared_inputs(folder: Path) -> Inputs:
    """All inputs of the files of ``folder``. Raises ``UsageError`` that names the file and the line at fault."""
    found: dict[str, DeclaredInput] = {}
    for path in sorted(folder.glob("*.yml")):
        for declared in read_declaration(path, InputFile).inputs:
            if declared.id in found:
                raise UsageError(f"{path.name}: the input {declared.id} is declared twice; rename one")
            found[declared.id] = declared
    return Inputs(found)
