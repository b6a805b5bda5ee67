"""The dated inputs of a report: what each says, of when and where, and whether it was old when it was recorded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from ...content.blocks import Cell, Column, Lit, Table
from ...values.questions import Input
from ...values.value import Value
from ..report_builder import Draft

OLD = timedelta(days=180)
"""An input that is older than this when the dataset was made is marked."""
HEADINGS = ("input", "value", "of", "region", "source", "age when recorded")


def declared(draft: Draft, name: str, caption: str, ids: Iterable[str]) -> None:
    """A table with a line for each of these inputs. Raises ``UnknownName`` for one that is not declared."""
    made = datetime.fromisoformat(draft.data.dataset.manifest.created).date()
    lines = tuple(_line(draft.input(one), made) for one in ids)
    columns = tuple(Column(heading, form="text") for heading in HEADINGS)
    draft.table(Table(name, caption, columns, lines))


def _line(value: Value, made: date) -> tuple[Cell, ...]:
    asked = value.question
    if not isinstance(asked, Input):
        raise TypeError(value.id)
    what, region, source = (Lit(text, "identifier") for text in (value.definition, asked.region, asked.source))
    return what, value, Lit(asked.date, "date"), region, source, age(date.fromisoformat(asked.date), made)


def age(given: date, made: date) -> str:
    """Whether an input was older than half a year when the dataset was made, or later than it."""
    if given > made:
        return "later than the recording"
    return "older than half a year" if made - given > OLD else "within half a year"
