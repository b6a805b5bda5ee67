"""A formula that a heading carries gives the numbers below it: what a browser computes by it is what a page says.

The formula is computed here from its text, with the operands that the same row shows and those of the table of inputs.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..reader.mismatches import Examined
from ..reader.site import Site
from .tables import text_of

Formulas = list[tuple[str, Any]]
LONGEST = 1000
"""Characters of a formula; a longer one is not read."""
SAME = 1e-12
"""How far a result may be from the number that is shown, as a share of it."""
_SIGNS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def check(site: Site) -> Iterator[Examined]:
    """Looks at every table with formulas: the first one of a calculator has the inputs, in one row."""
    for page in site.pages:
        for box in page.body.xpath(".//div[contains(concat(' ', @class, ' '), ' b-calculator ')]"):
            inputs, *tables = box.xpath(".//table")
            given = next(_rows(inputs), [])
            for row in (row for table in tables for row in _rows(table)):
                yield from (Examined(page.name, problem) for problem in _problems(row, given))


def _rows(table: Any) -> Iterator[Formulas]:
    """The formula of each cell of each row; empty where its heading has none."""
    formulas = [head.get("data-formula", "") for head in table.xpath("./thead/tr[1]/th")]
    for row in table.xpath("./tbody/tr"):
        yield list(zip(formulas, row.xpath("./th | ./td"), strict=True))


def _problems(row: Formulas, given: Formulas) -> Iterator[str | None]:
    operands = {name: _number(cell) for name, cell in (*given, *row) if name.isidentifier()}
    for formula, cell in row:
        if formula and not formula.isidentifier():
            same = _same(_number(cell), _result(formula, operands))
            yield None if same else f"“{text_of(cell)}” is not what its formula gives: {formula[:80]}"


def _same(shown: float | None, found: float | None) -> bool:
    if shown is None or found is None:
        return shown is found
    return math.isclose(shown, found, rel_tol=SAME)


def _number(cell: Any) -> float | None:
    """What a cell shows in full precision: its value, or the digits of a definition."""
    values = [data for data in cell.iter("data") if not data.get("data-part")]
    text = values[0].get("value") if values else text_of(cell).replace(",", "")
    try:
        return float(text)
    except (TypeError, ValueError):
        return None


def _result(formula: str, operands: Mapping[str, float | None]) -> float | None:
    """The number that a formula gives; null where an operand is missing. Raises ``ValueError`` for anything else."""
    if len(formula) > LONGEST:
        raise ValueError("a formula is too long to be read")
    try:
        return _of(ast.parse(formula, mode="eval").body, operands)
    except ZeroDivisionError:
        return None


def _of(node: ast.expr, operands: Mapping[str, float | None]) -> float | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.Name) and node.id in operands:
        return operands[node.id]
    if isinstance(node, ast.BinOp) and type(node.op) in _SIGNS:
        left, right = _of(node.left, operands), _of(node.right, operands)
        return None if left is None or right is None else _SIGNS[type(node.op)](left, right)
    raise ValueError(f"no formula: {ast.dump(node)[:80]}")
