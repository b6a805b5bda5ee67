"""The reasons to believe a dataset or not, as `harness audit` gives them, for its page."""

from __future__ import annotations

from pydantic import TypeAdapter

from harness.validity.audit import Row, Severity, Verdict
from harness.validity.audit import audit as audited

from ..content.blocks import Cell, Column, Lit, Table
from .measurements import Measurements

NAME = "audit"
ROWS: TypeAdapter[tuple[Row, ...]] = TypeAdapter(tuple[Row, ...])
_WORDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def audit_table(data: Measurements) -> Table:
    """A line for each rule in words, the worst first. The calibration is looked for beside the dataset's own study."""
    root = data.dataset.path.parent.parent
    rows = data.answers.of([NAME], ROWS, lambda: audited(data.dataset, root, data.requests))
    worst_first = sorted(rows, key=lambda row: (-row.severity, row.verdict is not Verdict.BROKEN))
    columns = (Column("rule"), Column("verdict"), Column("evidence"))
    return Table(NAME, "Audit of the dataset", columns, tuple(map(_line, worst_first)))


def _line(row: Row) -> tuple[Cell, ...]:
    verdict = _WORDS[row.severity] if row.verdict is Verdict.BROKEN else row.verdict.value
    return Lit(row.words, "identifier"), verdict, Lit(row.evidence, "identifier")
