"""What a report module writes into: findings, claims, tables and figures, each under a name of its own."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from harness.design import Study
from harness.errors import UsageError

from ..analysis.measurements import Measurements
from ..claims.claim import AnyClaim, Claim
from ..claims.ranking import ranked
from ..content.blocks import Content, Figure, Table
from ..text.escaping import escape_csv
from ..values.value import Value, by_id
from .standard_tables import skeleton

T = TypeVar("T")


class Draft:
    """The content of one report while its module computes it. A name is used once (``UsageError``)."""

    def __init__(self, data: Measurements, study: Study) -> None:
        self.data = data
        self.study = study
        self.facts: dict[str, Any] = {}
        self._findings: dict[str, Value] = {}
        self._claims: dict[str, AnyClaim] = {}
        self._tables: dict[str, Table] = skeleton(data, study)
        self._figures: dict[str, Figure] = {}

    def finding(self, name: str, value: Value, definition: str = "") -> Value:
        """Adds a value that prose cites as ``v.name``; a combined value takes the name into its id."""
        kept = value.named(name.replace("_", "-"), definition) if value.parents and not value.name else value
        return _put(self._findings, name, kept, "finding")

    def claim(self, claim_id: str, sentence: str, values: Mapping[str, Value], predicate: str) -> AnyClaim:
        """Adds a sentence whose truth the data decide (see ``claims.py``)."""
        return _put(self._claims, claim_id, Claim(claim_id, sentence, values, predicate), "claim")

    def ranking(self, claim_id: str, what: str, values: Mapping[str, Value], *, higher_is_better: bool) -> AnyClaim:
        """Adds a claim about which cell is optimal for ``what``, or which tie (see ``rankings.py``)."""
        return _put(self._claims, claim_id, ranked(claim_id, what, values, higher_is_better=higher_is_better), "claim")

    def table(self, table: Table) -> Table:
        """Adds a table."""
        return _put(self._tables, table.name, table, "table")

    def figure(self, figure: Figure) -> Figure:
        """Adds a figure."""
        return _put(self._figures, figure.name, figure, "figure")

    def content(self) -> Content:
        """Everything added so far."""
        made = Content(self._findings, self._claims, self._tables, self._figures, self.facts)
        return Content(made.findings, made.claims, made.tables, made.figures, made.facts, samples(made.values()))


def _put(items: dict[str, T], name: str, item: T, kind: str) -> T:
    if name in items:
        raise UsageError(f"two {kind}s are called {name!r}; rename one")
    items[name] = item
    return item


def samples(values: Iterable[Value]) -> str:
    """The runs behind each value as CSV: value id, run, cell and the run's number (empty where it has none)."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("value", "run", "cell", "number"))
    for key, value in sorted(by_id(values).items()):
        if value.sample:
            for run, cell, number in zip(value.sample.runs, value.sample.cells, value.sample.numbers, strict=True):
                writer.writerow((key, escape_csv(run), escape_csv(cell), "" if number is None else repr(number)))
    return stream.getvalue()
