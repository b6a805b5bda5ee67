"""What a published claim recommends: the cell that a ranking tells apart from all others, or the better of two levels.

A claim recommends only where its printed sentence is *supported*. One that says that nothing differs recommends
nothing, and is no row here: it holds for two levels that are the same, as an effect never does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from harness.design import level_key
from harness.metrics import metric as metric_named
from harness.studies import study_of

from ...claims.claim import AnyClaim, Claim
from ...claims.evaluate import State, bounds_of, decide
from ...claims.predicate import parse
from ...claims.ranking import Ranking
from ...claims.verdict import Verdict
from ...editions.edition import Edition
from ...text.naming import without_layers
from ...values.evidence import Level
from ...values.questions import Contrasted, Filters, OfMetric
from ...values.value import Value
from .configuration import Configuration, configuration
from .published_values import Source

OTHERS = "all others that were ranked"
_Question = OfMetric | Contrasted


@dataclass(frozen=True, slots=True)
class Advice:
    """A claim that could recommend a configuration.

    ``about`` is what its cells share. ``best`` is what it recommends, null where it settles nothing, and ``over`` what
    that is better than. ``expected`` is the published number of the metric there, null where the report states none.
    """

    report: str
    edition: Edition
    claim: AnyClaim
    metric: str
    about: Configuration
    best: Configuration | None
    over: str
    expected: Value | None

    @property
    def metric_name(self) -> str:
        return metric_named(self.metric).name

    @property
    def ranked(self) -> bool:
        """Whether it is better than all others, not than one."""
        return isinstance(self.claim, Ranking)


def advice(found: Sequence[Source]) -> tuple[Advice, ...]:
    """All claims of all reports that could recommend something, those that do first."""
    rows = [one for source in found for one in _of_report(source)]
    return tuple(sorted(rows, key=lambda one: one.best is None))


def _of_report(source: Source) -> Iterator[Advice]:
    for claim in source.report.content.claims.values():
        made = _ranked(source, claim) if isinstance(claim, Ranking) else _compared(source, claim)
        if made is not None:
            yield made


def _ranked(source: Source, ranking: Ranking) -> Advice | None:
    asked = [one.question for one in ranking.values.values() if isinstance(one.question, OfMetric)]
    best = ranking.values[ranking.best[0]] if ranking.verdict is Verdict.SUPPORTED else None
    chosen = best.question.where if best and best.question else None
    return _advice(source, ranking, asked[0], _shared([one.where for one in asked]), chosen, OTHERS, best)


def _shared(wheres: Sequence[Filters]) -> Filters:
    """What all cells keep alike."""
    first, *others = wheres
    return tuple(kept for kept in first if all(kept in other for other in others))


def _compared(source: Source, claim: Claim) -> Advice | None:
    """A claim about one contrast that says that its sides differ in a metric of which one end is better."""
    contrasts = [
        (name, one, one.question) for name, one in claim.values.items() if isinstance(one.question, Contrasted)
    ]
    if len(contrasts) != 1 or not says_effect(claim, contrasts[0][0]):
        return None
    _, ratio, asked = contrasts[0]
    wanted = metric_named(asked.metric).higher_is_better
    if wanted is None:
        return None
    interval = ratio.interval if claim.verdict is Verdict.SUPPORTED else None
    if interval is None or interval.low <= 1 <= interval.high:
        return _advice(source, claim, asked, asked.where, None, "", None)
    level, other = (asked.level, asked.reference) if (interval.low > 1) is wanted else (asked.reference, asked.level)
    over = _called(source, asked, other)
    chosen = with_level(asked.where, asked.factor, level)
    return _advice(source, claim, asked, asked.where, chosen, over, _published(source, asked, chosen))


def _called(source: Source, asked: Contrasted, level: Level) -> str:
    """A level of the factor that is compared, as the study calls both; nothing where the report has not the dataset."""
    edition = source.editions.get(asked.dataset)
    if edition is None:
        return ""
    study = study_of(edition.manifest)
    words = study.called(asked.factor, level)
    return f"{study.heading(asked.factor)} {words if source.layers else without_layers(words)}"


def says_effect(claim: Claim, name: str) -> bool:
    """Whether a claim would not hold were the ratio of this name exactly one."""
    bounds = {key: bounds_of(value) for key, value in claim.values.items()}
    none = {**bounds, name: replace(bounds[name], low=1.0, high=1.0)}
    return decide(parse(claim.predicate), none) is not State.HOLDS


def with_level(where: Filters, factor: str, level: Level) -> Filters:
    """The same with one level of a factor, in the order in which questions keep them."""
    return tuple(sorted((*(kept for kept in where if kept[0] != factor), (factor, (level,)))))


def _advice(
    source: Source,
    claim: AnyClaim,
    asked: _Question,
    shared: Filters,
    chosen: Filters | None,
    over: str,
    expected: Value | None,
) -> Advice | None:
    edition = source.editions.get(asked.dataset)
    about = configuration(edition.manifest, shared, layers=source.layers) if edition else None
    if edition is None or about is None:
        return None
    best = configuration(edition.manifest, chosen, layers=source.layers) if chosen is not None else None
    return Advice(source.report.id, edition, claim, asked.metric, about, best, over if best else "", expected)


def _published(source: Source, asked: Contrasted, chosen: Filters) -> Value | None:
    """The number of the recommended side, where its report states it."""
    wanted = _keys(chosen)
    for value in source.values():
        found = value.question
        if isinstance(found, OfMetric) and _is_usual(found, asked) and _keys(found.where) == wanted:
            return value
    return None


def _is_usual(found: OfMetric, asked: Contrasted) -> bool:
    """Whether it is the median over blocks of the same metric and dataset."""
    same = (found.dataset, found.metric, found.across) == (asked.dataset, asked.metric, "median")
    usual = found.within in (None, "median", "pooled") and found.phase in (None, asked.phase)
    return same and usual and not found.divided_by and not found.prompt


def _keys(where: Filters) -> frozenset[tuple[str, tuple[str, ...]]]:
    return frozenset((name, tuple(map(level_key, levels))) for name, levels in where)
