"""Does a cited figure replicate? Computed from the findings of published reports, never across quantities.

A finding tests a figure where both are about the same quantity, comparison and statistic and no condition clashes.
The figure replicates where the whole interval of the finding lies in its zone (the printed figure, widened by the
quantity's equivalence), does not where the interval lies outside, and anything else is inconclusive. What was called
optimal is tested by the rankings of our cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..cited import Cited, Figure, Quantity
from ..cited.bounds import Bounds, allowed, margin
from ..cited.figure import Kind, Level, Statistic
from ..cited.quantities import source_unit
from ..claims.claim import AnyClaim
from .findings import Published
from .optimum import Placing, placings, ranked_by
from .statement import Statement, clash, from_figure, same_statistic


class Outcome(StrEnum):
    """What became of a cited figure."""

    REPLICATED = "replicated"
    NOT_REPLICATED = "not replicated"
    INCONCLUSIVE = "inconclusive"
    NOT_TESTED = "not tested here"
    UNTESTABLE = "untestable here"
    NO_CLAIM = "no claim to test"


_KINDS = {
    Kind.METHOD: "it says what that study did",
    Kind.SETTING: "it is a setting of that study",
    Kind.TARGET: "it is a target of a planned study",
    Kind.HYPOTHESIS: "it is a hypothesis of that study",
    Kind.EXAMPLE: "it is an example in a plan",
}


_NEVER_FOUND = {
    Statistic.MEAN: "a mean",
    Statistic.BEST_CONFIG_MEAN: "the mean of the best configuration",
    Statistic.PEAK: "a best configuration or run",
    Statistic.PEAK_RUN: "a best run",
    Statistic.MIN: "a smallest run",
    Statistic.MAX: "a largest run",
    Statistic.P99: "a percentile of the tail",
    Statistic.SD: "a standard deviation",
    Statistic.CV: "a coefficient of variation",
}
"""Statistics that findings do not have, or not with an interval, in words."""


@dataclass(frozen=True, slots=True)
class Replication:
    """The outcome for one figure: why in words, and the findings or the claims that decided it."""

    figure: Figure
    outcome: Outcome
    reason: str
    findings: tuple[Statement, ...] = ()
    claims: tuple[AnyClaim, ...] = ()


Fixed = Mapping[str, Mapping[str, Level]]
"""The conditions that each study never varies, by report."""


def replications(
    cited: Cited, findings: Iterable[Statement], published: Mapping[str, Published], fixed: Fixed
) -> tuple[Replication, ...]:
    """One outcome for each cited figure, in the order of the files."""
    measured = tuple(findings)
    return tuple(_replication(figure, cited, measured, published, fixed) for figure in cited)


def _replication(
    figure: Figure, cited: Cited, measured: Sequence[Statement], published: Mapping[str, Published], fixed: Fixed
) -> Replication:
    if figure.kind is not Kind.FINDING:
        return Replication(figure, Outcome.NO_CLAIM, _KINDS[figure.kind])
    quantity = cited.quantity(figure)
    concerned = [report for report in published.values() if _concerns(figure, fixed.get(report.report, {}))]
    decided = _optimum(figure, quantity, concerned)
    if decided:
        return decided
    tests = _tests(from_figure(figure, cited), measured)
    if _absolute(figure, quantity):
        tests = tuple(test for test in tests if _same_machine(cited.hardware.get(figure.report or ""), test.hardware))
    if tests:
        return _decided(figure, quantity, tests, cited)
    return _untested(figure, quantity, cited, published)


def _optimum(figure: Figure, quantity: Quantity, concerned: Sequence[Published]) -> Replication | None:
    """What the rankings of our cells say of a level that was called optimal."""
    if quantity.factor is None:
        return None
    if any(quantity.factor in report.no_effect for report in concerned):
        reason = f"every level of {quantity.factor} was one configuration on this machine, so none can be the best"
        return Replication(figure, Outcome.UNTESTABLE, reason)
    claims = [claim for report in concerned for claim in report.claims.values()]
    found = placings(claims, quantity.factor, allowed(figure, quantity))
    if not found:
        return None
    places = {place for _, place in found.values()}
    rankings = tuple(ranking for ranking, _ in found.values())
    if places == {Placing.FIRST}:
        return Replication(figure, Outcome.REPLICATED, "only such cells are among the best", claims=rankings)
    if places == {Placing.BEATEN}:
        return Replication(figure, Outcome.NOT_REPLICATED, "no such cell is among the best", claims=rankings)
    return Replication(figure, Outcome.INCONCLUSIVE, "such cells tie with others, or models differ", claims=rankings)


def _concerns(figure: Figure, fixed: Mapping[str, Level]) -> bool:
    """Whether a study with these fixed conditions is about what the figure is about."""
    stated = figure.qualifiers.stated()
    return bool(fixed) and all(stated.get(name) == level for name, level in fixed.items())


def _tests(claimed: Statement, measured: Sequence[Statement]) -> tuple[Statement, ...]:
    """The findings about the same thing that hold the fewest further conditions."""
    found = [
        finding
        for finding in measured
        if finding.subject == claimed.subject
        and same_statistic(claimed.statistic, finding.statistic)
        and not clash(claimed, finding)
        and claimed.conditions.keys() <= finding.conditions.keys()
    ]
    fewest = min((len(finding.conditions) for finding in found), default=0)
    return tuple(finding for finding in found if len(finding.conditions) == fewest)


def _decided(figure: Figure, quantity: Quantity, tests: tuple[Statement, ...], cited: Cited) -> Replication:
    claimed = from_figure(figure, cited)
    zone = claimed.bounds
    if not (figure.direction or figure.limit):
        zone = tuple(_widened(bounds, quantity, ratio=claimed.subject.scale == "ratio") for bounds in zone)
    outcomes = {_outcome(finding.bounds[0], zone) for finding in tests}
    if len(outcomes) > 1:
        return Replication(figure, Outcome.INCONCLUSIVE, "our own findings differ", tests)
    (outcome,) = outcomes
    if figure.universal and outcome is Outcome.REPLICATED:
        return Replication(figure, Outcome.INCONCLUSIVE, "ours agrees, but it says something of every case", tests)
    return Replication(figure, outcome, "by the interval of our finding", tests)


def _widened(bounds: Bounds, quantity: Quantity, *, ratio: bool) -> Bounds:
    """A figure with its equivalence on either side; a ratio by a factor, so that its inverse has the inverse zone."""
    share, absolute = margin(quantity.equivalence, source_unit(quantity.unit).scale)
    if ratio:
        factor = 1 + max(share, absolute)
        return Bounds(bounds.low / factor, bounds.high * factor)
    near = max(absolute, share * max(abs(bounds.low), abs(bounds.high)))
    return Bounds(bounds.low - near, bounds.high + near)


def _outcome(found: Bounds, zone: tuple[Bounds, ...]) -> Outcome:
    if any(part.low <= found.low and found.high <= part.high for part in zone):
        return Outcome.REPLICATED
    return Outcome.INCONCLUSIVE if any(part.meets(found) for part in zone) else Outcome.NOT_REPLICATED


def _absolute(figure: Figure, quantity: Quantity) -> bool:
    """Whether the figure holds only for the machine that it was measured on."""
    return quantity.hardware_bound and figure.comparison is None and figure.statistic is not Statistic.CV


def _same_machine(stated: str | None, ours: str | None) -> bool:
    """Whether our machine has the accelerator that the source states; an unstated one matches nothing."""
    return bool(stated and ours) and str(stated).partition(" (")[0].casefold() in str(ours).casefold()


def _lacking(figure: Figure, quantity: Quantity, report: Published) -> str | None:
    """What its findings and rankings cannot be, so that more sessions do not test the figure either."""
    if quantity.factor is not None:
        if ranked_by(report.claims.values(), quantity.factor):
            return None
        return f"it needs a ranking of cells by {quantity.factor}, and the published report has none"
    if figure.comparison is not None and figure.comparison.operation == "spread":
        return "it needs the interval of a spread between levels, which we do not compute"
    if figure.statistic in _NEVER_FOUND:
        return f"it needs an interval of {_NEVER_FOUND[figure.statistic]}, and our findings are medians over sessions"
    return None


def _untested(figure: Figure, quantity: Quantity, cited: Cited, published: Mapping[str, Published]) -> Replication:
    if quantity.unmeasured and not quantity.factor:
        return Replication(figure, Outcome.UNTESTABLE, quantity.unmeasured)
    compared = figure.comparison.of.stated() if figure.comparison else {}
    conditions = {**figure.qualifiers.stated(), **compared}
    needs = [
        levels[str(conditions[name])]
        for name, levels in cited.requires.items()
        if name in conditions and str(conditions[name]) in levels
    ]
    if _absolute(figure, quantity):
        stated = cited.hardware.get(figure.report or "")
        needs.insert(0, stated or "the machine of the earlier study, which the index does not name")
    if needs:
        return Replication(figure, Outcome.UNTESTABLE, f"it needs {' and '.join(needs)}")
    report = published.get(figure.report or "")
    if report is not None:
        lacking = _lacking(figure, quantity, report)
        if lacking:
            return Replication(figure, Outcome.UNTESTABLE, lacking)
        return Replication(figure, Outcome.NOT_TESTED, "the published dataset has no finding of this quantity")
    if figure.report is None:
        return Replication(figure, Outcome.NOT_TESTED, "it is attributed to no report")
    return Replication(figure, Outcome.NOT_TESTED, "the report that would test it is planned")
