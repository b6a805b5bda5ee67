"""A ranking as a claim: which cell is optimal, or which ones cannot be told apart from the best.

"Optimal" is said only of a cell that beats every other after correction for all pairs of cells
(``harness.stats.comparison.ranking``). Otherwise the page lists the set that ties, in the order of the estimates
that it shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from harness.errors import UsageError
from harness.metrics import metric
from harness.outcomes import NoValue

from ..text.escaping import escape_markdown, literal
from ..values.html import value_html
from ..values.questions import OfMetric
from ..values.serialize import Bound
from ..values.value import Value
from .evaluate import State
from .verdict import OF_STATE, Verdict

ALPHA = 0.05


@dataclass(frozen=True)
class Ranking:
    """Cells by label, with their values; ``best`` are the labels that tie for first place, best estimate first.

    ``best`` is empty where there are too few runs to rank anything. ``what`` completes "optimal for".
    What rests on one session is claimed ``in_session``.
    """

    id: str
    what: str
    values: Mapping[str, Bound]
    higher_is_better: bool
    best: tuple[str, ...]
    in_session: bool = False

    @property
    def state(self) -> State:
        """Holds where one cell is optimal; a tie is inconclusive."""
        return State.HOLDS if len(self.best) == 1 else State.INCONCLUSIVE

    @property
    def verdict(self) -> Verdict:
        """That on the sentence: a tie settles nothing."""
        return OF_STATE[self.state]

    @property
    def text(self) -> str:
        """The sentence as plain text."""
        return self._sentence(self.what, [f"{label} ({self.values[label].text})" for label in self.best])

    @property
    def html(self) -> Markup:
        """The sentence as HTML for use inside Markdown."""
        shown = Markup("{} ({})")
        cells = [shown.format(literal(label, "setting"), value_html(self.values[label])) for label in self.best]
        return Markup(self._sentence(escape_markdown(self.what), cells))  # noqa: S704 its parts are escaped

    def _sentence(self, what: str, cells: Sequence[str]) -> str:
        if not cells:
            return f"Too few runs to say what is optimal for {what}."
        if len(cells) == 1:
            return f"Optimal for {what}: {cells[0]}, told apart from every other after correction for all pairs."
        return f"None is shown to be the best for {what}. These cannot be told apart from the best: {'; '.join(cells)}."


def ranked(ranking_id: str, what: str, values: Mapping[str, Value], *, higher_is_better: bool) -> Ranking:
    """Ranks measured ``values`` by label. Raises ``UsageError`` where one has no runs or metrics differ."""
    asked = [value.question for value in values.values()]
    metrics = {(one.metric, one.version, one.within) if isinstance(one, OfMetric) else None for one in asked}
    if len(metrics) != 1 or any(value.sample is None for value in values.values()):
        raise UsageError(f"ranking {ranking_id!r} needs measured values of one metric, one for each cell")
    _demand_comparable(ranking_id, values, higher_is_better=higher_is_better)
    return Ranking(ranking_id, what, values, higher_is_better, _best(values, higher_is_better=higher_is_better))


def _demand_comparable(ranking_id: str, values: Mapping[str, Value], *, higher_is_better: bool) -> None:
    """Raises ``UsageError`` where the metric wants the other end, or where cells are not selected alike."""
    questions = [value.question for value in values.values() if isinstance(value.question, OfMetric)]
    name = questions[0].metric
    wanted = metric(name).higher_is_better
    if wanted is not higher_is_better:
        best = "neither end" if wanted is None else "a high number" if wanted else "a low number"
        raise UsageError(f"ranking {ranking_id!r}: of {name!r} {best} is best; leave the direction to the metric")
    ways = {
        (one.dataset, one.phase, one.divided_by, one.across, frozenset(name for name, _ in one.where))
        for one in questions
    }
    if len(ways) > 1:
        raise UsageError(f"ranking {ranking_id!r} sets cells beside each other that are not selected alike")


def _best(values: Mapping[str, Value], *, higher_is_better: bool) -> tuple[str, ...]:
    import numpy as np

    from harness.stats.comparison.ranking import rank

    samples = {label: np.array(_by_block(values[label]), np.float64) for label in sorted(values)}
    try:
        best = rank(samples, higher_is_better=higher_is_better, alpha=ALPHA).best
    except NoValue:
        return ()
    return tuple(sorted(best, key=lambda label: values[label].number or 0.0, reverse=higher_is_better))


def _by_block(value: Value) -> list[float]:
    return value.sample.by_block() if value.sample else []
