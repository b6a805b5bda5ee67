"""Reads the cited figures of a site again: every number that ``data/cited`` declares, by the name of its value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from harness.units import UNITS

from ..reader.plain_files import plain_files
from ..reader.units import Measure

QUANTITIES = "quantities.yml"
SOURCE = "Technical Reports Index"
PRINTED_UNITS = {
    "MB": Measure({"byte": 1}, 1e6),
    "GB": Measure({"byte": 1}, 1e9),
    "million": Measure({}, 1e6),
    "billion": Measure({}, 1e9),
    "Mtok/kWh": Measure({"energy": -1, "token": 1}, 1e6 / 3.6e6),
}
"""Units that sources print and no metric has."""


@dataclass(frozen=True, slots=True)
class Declared:
    """One printed number. ``decimals`` counts its digits after the point; ``measure`` is null for an unknown unit."""

    figure: str
    number: float
    decimals: int
    unit: str
    measure: Measure | None
    statistic: str
    source: str
    definition: str


def declared(folder: Path) -> dict[str, Declared]:
    """The numbers that the files of ``folder`` declare. Raises ``ValueError`` or ``KeyError`` for a damaged file."""
    quantities = {item["id"]: item for item in _read(folder / QUANTITIES)["quantities"]}
    found: dict[str, Declared] = {}
    for path in plain_files(folder, "*.yml"):
        if path.name != QUANTITIES:
            for figure in _read(path)["figures"]:
                found.update(_numbers(figure, quantities[figure["quantity"]]))
    return found


def _read(path: Path) -> Any:
    try:
        return yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except yaml.YAMLError as error:
        raise ValueError(f"{path.name} is no YAML") from error


def _numbers(figure: Mapping[str, Any], quantity: Mapping[str, Any]) -> Iterator[tuple[str, Declared]]:
    printed = [figure["value"]] if "value" in figure else figure.get("range") or figure.get("values") or []
    ends = ("low", "high") if "range" in figure else [str(place) for place in range(1, len(printed) + 1)]
    unit, statistic = str(figure["unit"]), str(figure.get("statistic", "count"))
    registered = UNITS.get(unit)
    measure = Measure(dict(registered.dims), registered.scale) if registered else PRINTED_UNITS.get(unit)
    for text, end in zip(printed, ends, strict=True):
        yield (
            figure["id"] if len(printed) == 1 else f"{figure['id']}.{end}",
            Declared(
                str(figure["id"]),
                float(text),
                len(str(text).partition(".")[2]),
                unit,
                measure,
                statistic,
                f"{SOURCE}: {'; '.join(_places(figure['places']))}",
                f"{quantity['name']}: {quantity['definition']} (statistic: {statistic})",
            ),
        )


def _places(places: Sequence[Mapping[str, str]]) -> list[str]:
    """Where a figure stands, each place once."""
    return list(dict.fromkeys(_place(place["in"]) for place in places))


def _place(text: str) -> str:
    owner, _, heading = text.partition(": ")
    if owner == "index":
        return heading
    number, _, part = owner.partition("-")
    return f"{number.upper()} ({part}), {heading}" if part else f"{number.upper()}, {heading}"
