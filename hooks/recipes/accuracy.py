"""The accuracy gate of a report: its table, and the rows that pass it."""

from __future__ import annotations

from collections.abc import Mapping

from harness.units import PERCENT

from ..analysis.accuracy_gate import PASSES, judged
from ..content.blocks import Column, Table
from ..values.evidence import Level
from .rows import Row, Rows


def accuracy(
    over: Rows[Row], name: str, caption: str, baseline: Mapping[str, Level], precision: str = "precision"
) -> tuple[Rows[Row], Rows[Row]]:
    """A table of what each row still predicts beside the ``baseline``; the rows that pass the gate, and the others.

    ``precision`` is the factor whose level chooses the gate of the study. Raises ``UnknownName``.
    """
    draft = over.draft
    draft.demand_known(baseline)
    found = [(row, judged(draft.data, draft.study, row.where, baseline, str(row.where[precision]))) for row in over]
    columns = (
        *over.columns,
        Column("perplexity"),
        Column("over the full-precision baseline's", form="text"),
        Column("likeliest tokens in common", PERCENT),
        Column("gate"),
    )
    lines = tuple((*over.cells(row), one.perplexity, one.ratio, one.agreement, one.verdict) for row, one in found)
    draft.table(Table(name, caption, columns, lines))
    passing = [row for row, one in found if one.verdict == PASSES]
    return over.keep(lambda row: row in passing), over.keep(lambda row: row not in passing)
