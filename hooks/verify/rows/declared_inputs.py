"""Rows and headings about dated inputs say what is declared: name, day, region, source, age, and which machine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from ..meaning.first_screen import datasets_of_pages
from ..meaning.tables import Cell, Table, tables
from ..reader.mismatches import Examined
from ..reader.page import Page
from ..reader.questions_json import StatedInput
from ..reader.site import Site
from ..reader.values_json import StatedValue
from ..reader.visible_text import plain

AGE = "age when recorded"
HEADINGS = ("input", "value", "of", "region", "source", AGE)
OLD = timedelta(days=180)
MACHINE = re.compile(r"(?P<kind>compute|general) machine, (?P<maker>\w+)(?: \(.*\))?")
KINDS: Mapping[str, str] = {"compute": "c", "general": "m"}
"""The first letter of the machines of a kind."""
PAID = "paid as"


def check(site: Site) -> Iterator[Examined]:
    """Looks at every table of dated inputs, and at every heading of a table that names a machine with a price."""
    days = {page.name: {one.manifest["created"][:10] for one in found} for page, found in datasets_of_pages(site)}
    for page in site.pages:
        if not any(isinstance(value.question, StatedInput) for value in page.stated.values.values()):
            continue
        for table in tables(site, page):
            for problem in _table(page, table, days.get(page.name, set())):
                yield Examined(page.name, problem and f"{table.name}: {problem}")


def _table(page: Page, table: Table, days: set[str]) -> Iterator[str | None]:
    for row in table.rows:
        inputs = any(cell.value is not None and isinstance(cell.value.question, StatedInput) for cell in row[1:2])
        if inputs and any(cell.heading == AGE for cell in row):
            yield _declared(row, days)
        for cell in row:
            if cell.value is not None:
                yield _priced(page, cell, cell.value, row[0])


def _declared(row: Sequence[Cell], days: set[str]) -> str | None:
    headings = tuple(cell.heading for cell in row)
    value = row[1].value
    if headings != HEADINGS or value is None or not isinstance(value.question, StatedInput):
        return f"its headings are {', '.join(headings)}, those of inputs are {', '.join(HEADINGS)}"
    asked = value.question
    ages = {_age(date.fromisoformat(asked.date), date.fromisoformat(day)) for day in days}
    right = (value.definition, row[1].text, asked.date, asked.region, asked.source)
    for cell, text in zip(row, right, strict=False):
        if plain(cell.text) != plain(text):
            return f"“{cell.heading}” of the input {asked.name} is “{cell.text}”, it is declared as “{text}”"
    said = row[-1].text
    return None if said in ages else f"the input {asked.name} is said to be {said}, it is {' or '.join(sorted(ages))}"


def _age(given: date, made: date) -> str:
    if given > made:
        return "later than the recording"
    return "older than half a year" if made - given > OLD else "within half a year"


def _priced(page: Page, cell: Cell, value: StatedValue, label: Cell) -> str | None:
    """Whether a number below the name of a machine has its price, paid as its row says."""
    named = MACHINE.fullmatch(cell.heading)
    if named is None:
        return None
    found = [one for one in page.lineage(value) if isinstance(one.question, StatedInput)]
    machines = [one for one in found if _name(one).startswith("machine.")]
    begin = f"machine.{KINDS[named['kind']]}"
    if not machines or not all(_name(one).startswith(begin) and named["maker"] in one.definition for one in machines):
        prices = ", ".join(one.definition for one in machines)
        return f"“{cell.heading}” has the price of {prices or 'no machine'}"
    way = label.text.partition(", ")[0]
    wrong = label.heading == PAID and not all(way in one.definition for one in machines)
    return f"“{label.text}” has the price of {machines[0].definition}" if wrong else None


def _name(value: StatedValue) -> str:
    return value.question.name if isinstance(value.question, StatedInput) else ""
