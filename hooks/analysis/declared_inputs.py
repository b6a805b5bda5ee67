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

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo

from harness.errors import UnknownName, UsageError
from harness.units import UNITS

from ..text.strict_yaml import line_of, read_declaration
from ..values.evidence import Strength
from ..values.questions import Input
from ..values.value import Value

_DIGITS = re.compile(r"[0-9]{1,15}(\.[0-9]{1,20})?")
KINDS: Mapping[str, str] = {"machine": "USD/h", "electricity": "USD/kWh", "carbon": "gCO2e/kWh", "power": "W"}
"""The unit of each kind of input, by how its id begins."""
MOST, LEAST_PRICE = 1e12, 1e-6


def _kind(info: ValidationInfo) -> str:
    return str(info.data.get("id", "")).partition(".")[0]


def _printed(text: str, info: ValidationInfo) -> str:
    if not _DIGITS.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is no number of plain digits; copy them as the source prints them")
    if float(text) > MOST:
        raise ValueError(f"{text!r} is more than any source says; give it in the unit of the source")
    if "USD" in KINDS.get(_kind(info), "") and float(text) < LEAST_PRICE:
        raise ValueError(f"{text!r} is no price; leave the input out where nothing is paid")
    return text


def _unit(symbol: str, info: ValidationInfo) -> str:
    if not symbol or symbol not in UNITS:
        raise ValueError(f"unknown unit {symbol[:40]!r}; use one of: {', '.join(sorted(filter(None, UNITS)))}")
    wanted = KINDS.get(_kind(info), symbol)
    if symbol != wanted:
        raise ValueError(f"an input of the kind {_kind(info)} is in {wanted}, not in {symbol}; convert it")
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
    for path in sorted(folder.glob("*")):
        if path.suffix != ".yml" and path.suffix.lower() in (".yaml", ".yml"):
            raise UsageError(f"{path.name} is not read; name it {path.stem}.yml")
    for path in sorted(folder.glob("*.yml")):
        for place, declared in enumerate(read_declaration(path, InputFile).inputs):
            if declared.id in found:
                line = line_of(path, ("inputs", place, "id"))
                raise UsageError(f"{path.name}:{line}: the input {declared.id} is declared twice; rename one")
            found[declared.id] = declared
    return Inputs(found)
