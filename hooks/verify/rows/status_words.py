"""Words of a row that follow from its numbers.

How its runs ended, whether it passes the accuracy gate of its study, and whether its energy was measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from harness.design import Gate
from harness.studies import STUDIES

from ..meaning.tables import Cell, tables
from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.questions_json import StatedCount, StatedMetric
from ..reader.site import Site
from ..reader.values_json import StatedValue

SENSORS: Mapping[str, str] = {
    "energy counters of the processors": "power",
    "energy counters of the GPUs": "gpu_power",
    "power of the GPUs, polled": "gpu_power_polled",
    "external meter": "meter_power",
}
"""What reads a power, with its metric."""
MEASURED, MODELLED, NONE = "measured", "modelled", "none: "
PASSES, FAILS, UNKNOWN = "passes", "fails", "cannot be judged"
PERPLEXITY, OVER, COMMON = "perplexity", "over the full-precision baseline's", "likeliest tokens in common (%)"
Row = Mapping[str, Cell]


def check(site: Site) -> Iterator[Examined]:
    """Looks at every row that has such a word."""
    for page in site.pages:
        for table in tables(site, page):
            for cells in table.rows:
                row = {cell.heading: cell for cell in cells}
                for problem in _row(page, row, cells):
                    yield Examined(page.name, problem and f"{table.name}: {cells[0].text}: {problem}")


def _row(page: Page, row: Row, cells: Sequence[Cell]) -> Iterator[str | None]:
    if "outcome" in row:
        yield from _ended(row, cells)
    if "gate" in row and PERPLEXITY in row:
        yield _gated(row)
    if "status" in row and "sensor" in row:
        yield _sensed(page, row["sensor"].text, row["status"].text)
    elif "status" in row and row["status"].text in (MEASURED, MODELLED):
        yield _measured(page, row["status"].text, cells)


def _ended(row: Row, cells: Sequence[Cell]) -> Iterator[str | None]:
    for cell in cells:
        asked = cell.value.question if cell.value is not None else None
        if isinstance(asked, StatedCount) and asked.outcome is not None:
            said, right = row["outcome"].text, asked.outcome.replace("_", " ")
            yield None if said in (right, asked.outcome) else f"its runs are called {said}, they ended {right}"
            if asked.code is not None and "reason" in row:
                reason = row["reason"].text
                yield None if reason == asked.code.replace("_", " ") else f"its reason is “{reason}”, not {asked.code}"


def _gated(row: Row) -> str | None:
    """What the limits of the study say; logits, which no table shows, may let a row fail as well."""
    value = row[PERPLEXITY].value
    asked = value.question if value is not None else None
    study = asked.dataset.partition("/")[0] if isinstance(asked, StatedMetric) else ""
    if not isinstance(asked, StatedMetric) or study not in STUDIES:
        return None
    levels = {str(level) for found in asked.where.values() for level in found}
    gate = next((one for one in STUDIES.load(study).gates if one.precision in levels), None)
    ratio, agreement = (_number(row, name) for name in (OVER, COMMON))
    right = _verdict(gate, ratio, agreement)
    strayed = gate is not None and gate.logits is not None
    said = row["gate"].text
    return None if said == right or (strayed and said == FAILS) else f"its gate is “{said}”, its study says “{right}”"


def _number(row: Row, heading: str) -> float | None:
    value = row[heading].value if heading in row else None
    return value.number if value is not None else None


def _verdict(gate: Gate | None, ratio: float | None, agreement: float | None) -> str:
    if gate is None or (ratio is None and agreement is None):
        return UNKNOWN
    worse = ratio is not None and ratio > gate.perplexity
    return FAILS if worse or (agreement is not None and agreement < gate.agreement) else PASSES


def _sensed(page: Page, sensor: str, said: str) -> str | None:
    if sensor not in SENSORS:
        return "it is no sensor that power is read by"
    found = any(_asks(one) == SENSORS[sensor] and one.number is not None for one in page.stated.values.values())
    right = said.startswith((MEASURED, NONE)) and (MEASURED in said) is found
    return None if right else f"it is “{said}”, the page has {'numbers' if found else 'no number'} of it"


def _measured(page: Page, said: str, cells: Sequence[Cell]) -> str | None:
    metrics = {_asks(one) for cell in cells if cell.value is not None for one in page.lineage(cell.value)}
    right = MEASURED if metrics & set(SENSORS.values()) else MODELLED
    return None if said == right else f"it is called {said}, its numbers are {right}"


def _asks(value: StatedValue) -> str:
    return value.question.metric if isinstance(value.question, StatedMetric) else ""
