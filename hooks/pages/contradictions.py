"""The page of contradictions: statements that differ, gathered by what they are about, and sums that do not add up."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product

from jinja2 import Environment

from harness.units import PERCENT, POINTS

from ..cited import Cited, Figure, Quantity
from ..cited.figure import Comparison, Computation, Level
from ..cited.quotation import quoted_values
from ..rendering.page import Page
from ..replication.arithmetic_checks import Slip
from ..replication.contradictions import Contradiction, Degree
from ..replication.corpus import AllReports
from ..replication.statement import Statement
from ..values.value import Value, constant
from .series_page import render_series_page

_STEPS = {"sum": operator.add, "product": operator.mul, "difference": operator.sub}
_VERDICTS = {
    Degree.CONTRADICTION: "At most one side is right: they are about the same thing under the same stated conditions.",
    Degree.UNLESS: "At most one side is right, unless a condition that only one of them states differs:",
    Degree.BETWEEN: "Two studies differ. Both can be right only if something that neither states was different.",
}
_HEADINGS = {
    Degree.CONTRADICTION: "Cannot both be right",
    Degree.UNLESS: "Right only if an unstated condition differs",
    Degree.BETWEEN: "Studies that differ",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One statement of a dispute and those that it cannot be reconciled with."""

    statement: Statement
    against: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """Statements about one thing, each of which differs from another. ``shared`` are the conditions all state alike."""

    degree: Degree
    quantity: str
    shared: Mapping[str, Level]
    sides: tuple[Side, ...]
    open: tuple[str, ...]

    @property
    def comparison(self) -> Comparison | None:
        """What is compared, where the statements are comparisons."""
        return next((side.statement.figure.comparison for side in self.sides if side.statement.figure), None)


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A slip with the number that its operands really give."""

    slip: Slip
    value: Value


def render_contradictions(reports: AllReports, environment: Environment) -> Page:
    """The page ``contradictions.md``."""
    found = disputes(reports.contradictions)
    sections = [
        (_HEADINGS[degree], _VERDICTS[degree], [dispute for dispute in found if dispute.degree is degree])
        for degree in Degree
    ]
    context = {
        "sections": sections,
        "found": len(reports.contradictions),
        "apart": lambda dispute: apart(dispute, reports.cited),
        "slips": [Recomputed(slip, recomputed(slip, reports.cited)) for slip in reports.slips],
        "anchored": _first_places(found),
        "placed": frozenset(side.statement.id for dispute in found for side in dispute.sides),
    }
    return render_series_page(reports, environment, "contradictions.md", "Contradictions", context)


def disputes(pairs: Iterable[Contradiction]) -> tuple[Dispute, ...]:
    """The pairs gathered so that statements which are linked by a contradiction of one degree stand together."""
    groups: list[list[Contradiction]] = []
    for pair in pairs:
        linked = [group for group in groups if any(_linked(pair, other) for other in group)]
        groups = [group for group in groups if group not in linked]
        groups.append([*(member for group in linked for member in group), pair])
    return tuple(sorted((_dispute(group) for group in groups), key=_rank))


def _linked(one: Contradiction, other: Contradiction) -> bool:
    return one.degree is other.degree and bool({one.one.id, one.other.id} & {other.one.id, other.other.id})


def _dispute(pairs: Sequence[Contradiction]) -> Dispute:
    against: dict[str, list[Statement]] = {}
    statements: dict[str, Statement] = {}
    for pair in pairs:
        for mine, theirs in ((pair.one, pair.other), (pair.other, pair.one)):
            statements[mine.id] = mine
            against.setdefault(mine.id, []).append(theirs)
    shared = reduce(_in_both, (statement.conditions for statement in statements.values()))
    sides = tuple(Side(statements[key], tuple(against[key])) for key in sorted(statements))
    open_names = tuple(sorted({name for pair in pairs for name in pair.open}))
    return Dispute(pairs[0].degree, pairs[0].one.subject.quantity, shared, sides, open_names)


def _in_both(one: Mapping[str, Level], other: Mapping[str, Level]) -> Mapping[str, Level]:
    return {name: level for name, level in one.items() if other.get(name) == level}


def _rank(dispute: Dispute) -> tuple[int, int, str, str]:
    return (
        list(Degree).index(dispute.degree),
        -len(dispute.sides),
        dispute.quantity,
        dispute.sides[0].statement.id,
    )


def apart(dispute: Dispute, cited: Cited) -> Value | None:
    """How far the two furthest statements of a dispute are from each other, between their nearest printed numbers."""
    pairs = [(side.statement.figure, other.figure) for side in dispute.sides for other in side.against]
    found = [_distance(one, other, cited) for one, other in pairs if one and other and one.printed and other.printed]
    return max((value for value in found if value), key=lambda value: value.number or 0.0, default=None)


def _distance(one: Figure, other: Figure, cited: Cited) -> Value | None:
    if one.unit != other.unit or cited.quantity(one).exact:
        return None
    ends = product(*(quoted_values(figure, cited.quantity(figure)) for figure in (one, other)))
    left, right = min(ends, key=lambda pair: abs((pair[0].number or 0) - (pair[1].number or 0)))
    return _in_points(left - right if (left.number or 0) >= (right.number or 0) else right - left)


def _first_places(found: Iterable[Dispute]) -> frozenset[tuple[int, str]]:
    """Which row of a statement gets its anchor: the first, by (id of the dispute, id of the statement)."""
    first: dict[str, int] = {}
    for number, dispute in enumerate(found):
        for side in dispute.sides:
            first.setdefault(side.statement.id, number)
    return frozenset((number, name) for name, number in first.items())


def recomputed(slip: Slip, cited: Cited) -> Value:
    """What the operands of a slip give, in the terms and the unit of its figure."""
    comparison, computation = slip.figure.comparison, slip.figure.computed_from
    if computation:
        return _computed(computation, cited)
    values = [_first(figure, cited) for figure in slip.operands]
    operation = comparison.operation if comparison else ""
    if operation == "spread":
        values.sort(key=lambda value: value.number or 0.0, reverse=True)
    if operation in ("difference", "spread"):
        return _in_points(values[0] - values[-1])
    ratio = values[0] / values[1]
    if operation == "relative_change":
        return (ratio - 1).to(PERCENT)
    return (constant(1.0) - ratio).to(PERCENT) if operation == "reduction" else ratio


def _computed(computation: Computation, cited: Cited) -> Value:
    if computation.operation == "width":
        low, high = quoted_values(*_known(str(computation.of[0]), cited))
        return _in_points(high - low)
    values = [
        _first(_known(name, cited)[0], cited) if isinstance(name, str) else constant(name) for name in computation.of
    ]
    if computation.operation == "share":
        return (values[0] / values[1]).to(PERCENT)
    return _in_points(reduce(_STEPS[computation.operation], values))


def _known(name: str, cited: Cited) -> tuple[Figure, Quantity]:
    figure = cited.figure(name)
    return figure, cited.quantity(figure)


def _first(figure: Figure, cited: Cited) -> Value:
    return quoted_values(figure, cited.quantity(figure))[0]


def _in_points(value: Value) -> Value:
    """A difference of percentages is one in percentage points."""
    return value.to(POINTS) if value.unit == PERCENT else value
