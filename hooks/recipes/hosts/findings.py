"""The primary contrasts of studies as findings, each asked of every host that has a dataset.

A finding is what the first host that settles it says: the ratio lies above one, below one, or within the margin of
one. Another host is asked that very sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from harness.design import Primary
from harness.metrics import metric
from harness.studies import STUDIES

from ...analysis.contrasts import Contrast, contrasts
from ...analysis.measurements import Measurements
from ...claims.evaluate import State, bounds_of, decide
from ...claims.predicate import parse
from ...values.evidence import Level
from ...values.prediction import FEWEST, PREDICT
from ...values.value import Value, combine
from .hosts import Host

Said = Literal["larger", "smaller", "equivalent", ""]
Stands = Literal["holds", "fails", "not settled", "untested"]
WORDS: Mapping[State, Stands] = {State.HOLDS: "holds", State.FAILS: "fails", State.INCONCLUSIVE: "not settled"}


@dataclass(frozen=True, slots=True)
class Finding:
    """A primary of a study, and its contrast on each host that has one, by the host's letter.

    A host has none where it has no dataset, or where its engine ran both levels as one configuration.
    """

    study: str
    primary: Primary
    contrasts: Mapping[str, Contrast]

    @property
    def name(self) -> str:
        return f"{self.study}-{self.primary.id}"

    @property
    def quantity(self) -> str:
        """What is compared, in words."""
        name = metric(self.primary.metric).name
        return name if self.primary.within == "median" else f"{self.primary.within} {name}"

    @property
    def words(self) -> str:
        """What is compared with what, and where."""
        study, primary = STUDIES.load(self.study), self.primary
        level, reference = (study.called(primary.factor, side) for side in (primary.level, primary.reference))
        kept = ", ".join(study.called(name, level) for name, level in primary.where)
        sides = f"{study.heading(primary.factor)} {level} ÷ {reference}"
        return f"{self.study.upper()}: {self.quantity}, {sides}{f' ({kept})' if kept else ''}"

    @property
    def ratios(self) -> dict[str, Value]:
        """The ratio of the level to the reference on each host."""
        return {letter: one.ratio for letter, one in self.contrasts.items()}

    @property
    def borne(self) -> dict[str, Value]:
        """The ratio on each host that has an interval of it: a host of few sessions has none, and settles nothing."""
        return {letter: ratio for letter, ratio in self.ratios.items() if ratio.interval}

    @property
    def predicted(self) -> Value | None:
        """The ratio that a recording on a new host would give; null below three hosts."""
        return for_a_new_host(self.ratios.values())

    @property
    def said(self) -> Said:
        """What the first host that settles it says; empty where none does."""
        return next((said for ratio in self.ratios.values() if (said := self._settled(ratio))), "")

    @property
    def found_on(self) -> str:
        """The letter of that host; empty where there is none."""
        return next((letter for letter, ratio in self.ratios.items() if self._settled(ratio)), "")

    def test(self, name: str) -> str:
        """The predicate of what it says, for the value of this name."""
        margin = self.primary.margin
        within = f"{name}.low > {1 / margin:.4g} and {name}.high < {margin:.4g}"
        return {"smaller": f"{name}.high < 1", "equivalent": within}.get(self.said, f"{name}.low > 1")

    def on(self, letter: str) -> Stands:
        """Whether it holds on a host."""
        ratio = self.ratios.get(letter)
        if ratio is None:
            return "untested"
        if not self.said:
            return "not settled"
        return self._stands(ratio)

    def _stands(self, ratio: Value) -> Stands:
        return WORDS[decide(parse(self.test("ratio")), {"ratio": bounds_of(ratio)})]

    @property
    def everywhere(self) -> bool:
        """Whether at least two hosts have an interval of it and it holds on all of those."""
        return len(self.borne) > 1 and all(self.on(letter) == "holds" for letter in self.borne)

    @property
    def on_a_new_host(self) -> Stands:
        """Whether it holds by what is predicted for a new host."""
        return "untested" if self.predicted is None or not self.said else self._stands(self.predicted)

    def _settled(self, ratio: Value) -> Said:
        found = ratio.interval
        if found is None:
            return ""
        if 1 / self.primary.margin < found.low and found.high < self.primary.margin:
            return "equivalent"
        return "larger" if found.low > 1 else "smaller" if found.high < 1 else ""

    def where(self, *levels: Level) -> dict[str, Level | tuple[Level, ...]]:
        """The cells that are compared, at these levels of its factor."""
        return {**dict(self.primary.where), self.primary.factor: levels}


def for_a_new_host(of_each: Iterable[Value]) -> Value | None:
    """What a recording on a new host would give, from a value of each host; null below three."""
    values = tuple(of_each)
    return combine(PREDICT, values) if len(values) >= FEWEST else None


def findings(hosts: Iterable[Host], studies: Iterable[str]) -> tuple[Finding, ...]:
    """Every primary that ``studies`` declare, in their order."""
    known = tuple(hosts)
    return tuple(_finding(known, study, primary) for study in studies for primary in STUDIES.load(study).primaries)


def _finding(hosts: tuple[Host, ...], study: str, primary: Primary) -> Finding:
    return Finding(study, primary, dict(_asked(hosts, Finding(study, primary, {}))))


def _recorded(data: Measurements, primary: Primary) -> bool:
    """Whether a dataset has all levels that a primary names."""
    asked = ((primary.factor, primary.level), (primary.factor, primary.reference), *primary.where)
    return all(name in data.factors and level in data.levels(name) for name, level in asked)


def _asked(hosts: tuple[Host, ...], finding: Finding) -> Iterator[tuple[str, Contrast]]:
    primary = finding.primary
    for host in hosts:
        data = host.data.get(finding.study)
        if data is not None and _recorded(data, primary):
            kept = finding.where(primary.reference, primary.level)
            for one in contrasts(
                data, primary.metric, primary.factor, kept, within=primary.within, reference=primary.reference
            ):
                if one.level == primary.level:
                    yield host.letter, one
