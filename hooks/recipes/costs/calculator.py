"""A table of costs that a reader's browser computes again with other inputs, by the formulas of its own values.

A formula stands once, in ``formulas.py``. What the browser follows is read off the values that it gave: the steps of
their arithmetic with the factors of their units, in the same order, so that both come to the same double.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace

from harness.errors import UsageError
from harness.units import PERCENT, USD_PER_HOUR, Unit

from ...content.blocks import Cell, Column, Lit, Table
from ...values.arithmetic import evaluate
from ...values.value import Value
from ..columns import RUNS, metric
from ..rows import Row, Rows
from .formulas import COSTS, DECODE, PREFILL, Assumptions

RATES = {"prefill": PREFILL, "decode": DECODE}
"""The measured operands of the formulas: their metrics by name."""
INPUTS: Mapping[str, tuple[str, Unit | None]] = {
    "hour": ("price of an hour", USD_PER_HOUR),
    "paid": ("paid of the price", PERCENT),
    "prompt": ("prompt tokens", None),
    "output": ("output tokens", None),
    "requests": ("requests a month", None),
    "used": ("use of the hour", PERCENT),
}
"""The other operands, which are the fields of ``Assumptions``: what heads them, and in which unit."""


def formula(value: Value, names: Mapping[str, str]) -> str:
    """How a value follows from those that ``names`` calls by their ids, in ``+ * / ( )``, names and numbers.

    Raises ``UsageError`` where it rests on a value that has no name and is no constant.
    """
    if value.id in names:
        return names[value.id]
    if not value.parents:
        if value.operation != "constant":
            raise UsageError(f"{value.definition or value.id!r} has no name in the formulas of the calculator")
        return repr(value.number)
    parts = [formula(parent, names) for parent in value.parents]
    factor = repr(_factor(value))
    if value.operation == "+":
        return f"({parts[0]} + {_times(parts[1], factor)})"
    return _times(f" {value.operation} ".join(parts), factor)


def _factor(value: Value) -> float:
    """What the units of its operands contribute to a step."""
    units = tuple(parent.unit for parent in value.parents)
    if value.operation == "+":
        return evaluate("convert", (1.0,), units[1:], value.unit)
    return evaluate(value.operation, (1.0,) * len(units), units, value.unit)


def _times(steps: str, factor: str) -> str:
    return f"({steps})" if factor == "1.0" else f"({steps} * {factor})"


def calculator(over: Rows[Row], name: str, caption: str, given: Assumptions) -> None:
    """Tables ``<name>_inputs`` and ``name``: what the costs of each row rest on, and the costs.

    The columns of both carry what a browser needs to compute them again: the name of an operand, or a formula.
    """
    draft = over.draft
    own = {field.name: getattr(given, field.name) for field in fields(given)}
    draft.table(_inputs(f"{name}_inputs", own))
    found: dict[str, set[str]] = {heading: set() for heading in COSTS}
    lines: list[tuple[Cell, ...]] = []
    for row in over:
        rates = {key: draft.ask(metric_id, row.where) for key, metric_id in RATES.items()}
        costs = {heading: make(given, rates["prefill"], rates["decode"]) for heading, (_, make) in COSTS.items()}
        names = {value.id: key for key, value in {**own, **rates}.items()}
        for heading, cost in costs.items():
            found[heading].add(formula(cost, names))
        lines.append((*over.cells(row), *rates.values(), *costs.values(), RUNS.ask(draft, row)))
    heads = [replace(metric(metric_id, key).column, formula=key) for key, metric_id in RATES.items()]
    computed = [
        Column(heading, unit, "interval", _only(heading, found[heading])) for heading, (unit, _) in COSTS.items()
    ]
    draft.table(Table(name, caption, (*over.columns, *heads, *computed, RUNS.column), tuple(lines)))


def _inputs(name: str, own: Mapping[str, Value]) -> Table:
    """One row of the page's own inputs: a price is a value, what is asked for a definition."""
    columns = [Column(heading, unit, formula=key) for key, (heading, unit) in INPUTS.items()]
    cells: list[Cell] = [
        Lit(own[key].figure, "definition") if own[key].operation == "constant" else own[key] for key in INPUTS
    ]
    return Table(name, "Inputs of the costs", (Column("inputs of"), *columns), (("this page", *cells),))


def _only(heading: str, found: set[str]) -> str:
    """The one formula of a column; empty where it has no cells. Raises ``UsageError`` for several."""
    if len(found) > 1:
        raise UsageError(f"the column {heading!r} is computed by several formulas: {'; '.join(sorted(found))}")
    return next(iter(found), "")
