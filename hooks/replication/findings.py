"""What the reports publish today, in the vocabulary of the cited figures, so that both can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from ..cited import Cited
from ..cited.bounds import Bounds
from ..cited.figure import Level, Statistic
from ..claims.claim import AnyClaim
from ..content.blocks import Cell, Lit, Table
from ..content.facts import Facts
from ..editions.report import Report
from ..values.evidence import Interval
from ..values.evidence import Level as EvidenceLevel
from ..values.questions import MetricQuestion, OfDataset, OfMetric, PairedQuestion
from ..values.value import Value
from .statement import Scale, Statement, Subject, compared, turn

_EARLIER: Mapping[str, Mapping[Level, Level]] = {
    "configuration": {"defaults": "baseline"},
    "runtime": {"tokio": "tokio-default"},
}
"""What the earlier series called levels of ours, by factor."""
_STATISTICS = {"mean": Statistic.MEAN, "median": Statistic.P50, "paired ratio": Statistic.P50}


@dataclass(frozen=True, slots=True)
class Audited:
    """What the audit of one dataset found: ``verdict`` is *passed*, *passed with warnings* or *failed*."""

    dataset: str
    verdict: str
    errors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Published:
    """One published report. ``hardware`` is the machine in words; ``status`` is *published* or *recorded here*.

    ``machines`` are the machines of its datasets by their labels; ``question`` and ``title`` are those of its page.
    """

    report: str
    dataset: str
    date: str
    profile: str
    hardware: str
    status: str
    findings: Mapping[str, Value]
    claims: Mapping[str, AnyClaim] = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)
    machines: Mapping[str, str] = field(default_factory=dict)
    audits: tuple[Audited, ...] = ()
    question: str = ""
    title: str = ""

    def behind(self, value: Value) -> tuple[str, str]:
        """The datasets that a finding rests on, and their machines, in words."""
        asked = {member.question.dataset for member in value.lineage() if isinstance(member.question, OfDataset)}
        machines = {label: machine for label, machine in self.machines.items() if label in asked}
        if not machines:
            return self.dataset, self.hardware
        return ", ".join(machines), "; ".join(dict.fromkeys(machines.values()))

    @property
    def headline(self) -> AnyClaim | None:
        """The claim that the index shows as the report's key finding."""
        named = self.facts.headline
        return self.claims[named] if named else next(iter(self.claims.values()), None)

    @property
    def no_effect(self) -> frozenset[str]:
        """The factors that changed nothing on this machine."""
        return frozenset(self.facts.no_effect)


def statements(published: Published, fixed: Mapping[str, Level], cited: Cited) -> Iterator[Statement]:
    """The findings that measure a quantity of the vocabulary. ``fixed`` are conditions that the study never varies."""
    quantities = {quantity.metric: quantity.id for quantity in cited.quantities.values() if quantity.metric}
    for name, value in published.findings.items():
        question = _comparable(value)
        if question is None or value.interval is None:
            continue
        quantity, statistic = quantities.get(question.metric), _STATISTICS.get(question.statistic or "")
        if quantity is None or statistic is None:
            continue
        subject, bounds = _subject(quantity, question, _bounds(value, value.interval))
        dataset, hardware = published.behind(value)
        yield Statement(
            f"{published.report}.{name}",
            subject,
            statistic,
            {**fixed, **question.shared},
            (bounds,),
            dataset,
            hardware=hardware,
            value=value,
        )


@dataclass(frozen=True, slots=True)
class _Comparable:
    """What a value asks: one condition, or two sides of one comparison with what they share."""

    metric: str
    statistic: str | None
    shared: Mapping[str, Level]
    scale: Scale = "amount"
    sides: tuple[Mapping[str, Level], Mapping[str, Level]] | None = None

    @classmethod
    def of(cls, asked: OfMetric) -> _Comparable:
        return cls(asked.metric, asked.across, _levels(asked))


def _comparable(value: Value) -> _Comparable | None:
    question = value.question
    if isinstance(question, PairedQuestion):
        return _contrast(question)
    if isinstance(question, OfMetric):
        return _starts(question) if question.divided_by else _Comparable.of(question)
    ratio = value.parents[0] if _is_change(value) else value
    pair = [parent.question for parent in ratio.parents if isinstance(parent.question, OfMetric)]
    if ratio.operation not in ("/", "-") or len(pair) != 2:
        return None
    one, other = pair
    if (one.metric, one.across, one.within) != (other.metric, other.across, other.within):
        return None
    first, second = _levels(one), _levels(other)
    shared = {name: level for name, level in first.items() if second.get(name) == level}
    sides = _without(first, shared), _without(second, shared)
    return _Comparable(one.metric, one.across, shared, "ratio" if ratio.operation == "/" else "difference", sides)


def _contrast(asked: PairedQuestion) -> _Comparable:
    level, reference = (_called(asked.factor, side) for side in (asked.level, asked.reference))
    sides = {asked.factor: level}, {asked.factor: reference}
    return _Comparable(asked.metric, asked.across, _without(_levels(asked), sides[0]), "ratio", sides)


def _starts(asked: OfMetric) -> _Comparable | None:
    """Cold over measured requests of one run."""
    cold: Mapping[str, Level] = {"start": "cold"}
    if (asked.phase, asked.divided_by) != ("cold", "measured"):
        return None
    return replace(_Comparable.of(asked), shared=_held(asked), scale="ratio", sides=(cold, {}))


def _without(levels: Mapping[str, Level], shared: Mapping[str, Level]) -> dict[str, Level]:
    return {name: level for name, level in levels.items() if name not in shared}


def _subject(quantity: str, question: _Comparable, bounds: Bounds) -> tuple[Subject, Bounds]:
    if question.sides is None:
        return Subject(quantity, "amount"), bounds
    subject, turned = compared(quantity, question.scale, *question.sides)
    return subject, turn(bounds, question.scale) if turned else bounds


def _bounds(value: Value, interval: Interval) -> Bounds:
    shift = 1.0 if _is_change(value) else 0.0
    return Bounds(interval.low * value.unit.scale + shift, interval.high * value.unit.scale + shift)


def _is_change(value: Value) -> bool:
    """Whether it is ``a / b − 1``."""
    return (
        value.operation == "-"
        and len(value.parents) == 2
        and value.parents[0].operation == "/"
        and value.parents[1].operation == "constant"
        and value.parents[1].number == 1
    )


def _levels(asked: MetricQuestion) -> dict[str, Level]:
    """The conditions of a question: each factor that was held at one level, and the start where only that was asked."""
    return _held(asked) | ({"start": "cold"} if asked.phase == "cold" else {})


def _held(asked: MetricQuestion) -> dict[str, Level]:
    return {name: _called(name, held[0]) for name, held in asked.where if len(held) == 1}


def _called(factor: str, level: EvidenceLevel) -> Level:
    plain = level if isinstance(level, int) and not isinstance(level, bool) else str(level)
    return _EARLIER.get(factor, {}).get(plain, plain)


def published(report: Report) -> Published:
    """What a rendered report contributes to the pages about all of them."""
    content, editions = report.content, report.editions
    return Published(
        report.id,
        report.label,
        max(edition.date for edition in editions),
        ", ".join(dict.fromkeys(edition.manifest.profile for edition in editions)),
        report.hardware,
        "recorded here" if editions[0].local else report.prose.front.status,
        content.findings,
        content.claims,
        content.facts,
        {dataset.edition.label: dataset.hardware for dataset in report.datasets},
        tuple(_audited(dataset.edition.label, content.tables[f"audit{dataset.suffix}"]) for dataset in report.datasets),
        report.question,
        report.title,
    )


def _audited(dataset: str, table: Table) -> Audited:
    found = [(str(row[1]), f"{_words(row[0])}: {_words(row[2]).partition(';')[0]}") for row in table.rows]
    errors = tuple(text for verdict, text in found if verdict == "error")
    warned = any(verdict == "warning" for verdict, _ in found)
    return Audited(dataset, "failed" if errors else "passed with warnings" if warned else "passed", errors)


def _words(cell: Cell) -> str:
    return cell.text if isinstance(cell, Lit | Value) else cell
