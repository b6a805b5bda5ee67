"""The workload of a configuration: its load, and whether its requests are heavy in prefill or in decode."""

from __future__ import annotations

from dataclasses import dataclass

from ...content.blocks import Table
from ...editions.report import Report
from ...values.questions import Filters
from ...values.value import Value
from .configuration import Configuration

HEAVY = 2.0
"""A request is heavy in a phase that has at least so many times the tokens of the other one."""
_PROMPT, _OUTPUT = 1, 3
"""The columns of the table *lengths* (see ``recipes/standard_tables.py``)."""


@dataclass(frozen=True, slots=True)
class Workload:
    """``prompt`` and ``output`` are numbers of tokens of a request; null where they are of no one scenario."""

    load: str
    prompt: Value | None = None
    output: Value | None = None

    @property
    def shape(self) -> str:
        """Which phase is the heavy one; empty where it is not known."""
        prompt, output = (one.number if one else None for one in (self.prompt, self.output))
        if not prompt or not output:
            return ""
        if prompt >= HEAVY * output:
            return "prefill heavy"
        return "decode heavy" if output >= HEAVY * prompt else "balanced"

    @property
    def words(self) -> str:
        return ", ".join(filter(None, (self.load, self.shape)))


def workload(report: Report, dataset: str, about: Configuration) -> Workload:
    """The workload of a configuration of one of the datasets of a report."""
    for one in report.datasets:
        if one.edition.label == dataset:
            found = _lengths(report.content.tables[f"lengths{one.suffix}"], about.where)
            return Workload(about.load, *found) if found else Workload(about.load)
    return Workload(about.load)


def _lengths(table: Table, where: Filters) -> tuple[Value, Value] | None:
    """The lengths of the one row whose requests a configuration has."""
    for row in table.rows:
        prompt, output = row[_PROMPT], row[_OUTPUT]
        if isinstance(prompt, Value) and isinstance(output, Value) and _asks(prompt, where):
            return prompt, output
    return None


def _asks(value: Value, where: Filters) -> bool:
    """Whether a value keeps nothing but levels of ``where``."""
    return value.question is not None and all(kept in where for kept in value.question.where)
