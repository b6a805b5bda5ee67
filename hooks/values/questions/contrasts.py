"""What does a level do against a reference, and when has it paid? Asked in pairs of runs that share everything else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from markupsafe import Markup

from ...text.escaping import escape_markdown
from ..evidence import Level
from .base import flat
from .of_metric import STATISTICS, MetricQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedQuestion(MetricQuestion):
    """A ``level`` of a ``factor`` against the ``reference`` level (``stats.comparison.factor_effect``)."""

    factor: str
    level: Level
    reference: Level

    across: ClassVar[str]

    def asked(self) -> dict[str, object]:
        sides = {"factor": self.factor, "level": self.level, "reference": self.reference}
        asked = flat(
            self.metric, self.version, self.where, phase=self.phase, within=self.within, across=type(self).across
        )
        return {**asked, "contrast": sides}

    def filters(self) -> Iterator[Markup]:
        sides = escape_markdown(str(self.level)), escape_markdown(str(self.reference))
        yield Markup("{}\u00a0{} over\u00a0{}").format(escape_markdown(self.factor), *sides)
        yield from super(PairedQuestion, self).filters()

    def _pairs(self) -> Iterator[Markup]:
        yield Markup("one level over another in pairs of like runs, averaged over each block, each run")
        how = STATISTICS.get(self.within or "", "value")
        yield Markup("the {} over {} requests").format(how, escape_markdown(self.phase))


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrasted(PairedQuestion):
    """The ratio of the level to the reference."""

    kind: Literal["contrast"] = "contrast"

    across: ClassVar[str] = "paired ratio"

    def words(self, definition: str) -> Iterator[Markup]:
        yield self.link(definition) + ","
        yield from self._pairs()


@dataclass(frozen=True, slots=True, kw_only=True)
class Detectable(PairedQuestion):
    """The smallest ratio over one that at least four of five such recordings would have found."""

    kind: Literal["detectable"] = "detectable"

    across: ClassVar[str] = "detectable ratio"

    def words(self, definition: str) -> Iterator[Markup]:
        yield self.link(definition) + ","
        yield Markup("the minimum detectable ratio (over one) of")
        yield from self._pairs()


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven(PairedQuestion):
    """How many requests pay for what the level costs each run (``cost``, a metric of runs), by what each one saves.

    The ``estimate`` with its interval, or the ``least`` number that the interval leaves open.
    """

    kind: Literal["break_even"] = "break_even"
    cost: str
    cost_version: int
    end: Literal["estimate", "least"] = "estimate"

    across: ClassVar[str] = "break even"

    def asked(self) -> dict[str, object]:
        cost = {"cost": self.cost, "cost_version": self.cost_version, "end": self.end}
        return {**super(BreakEven, self).asked(), **cost}

    @property
    def subject(self) -> str:
        return f"break-even {self.metric}"

    def definitions(self, definition: str) -> dict[str, str]:
        from harness.metrics import metric

        return {**super(BreakEven, self).definitions(definition), self.cost: metric(self.cost).definition}

    def words(self, definition: str) -> Iterator[Markup]:
        cost = Markup('<a href="#metric-{}">{}</a>').format(self.cost, escape_markdown(self.cost.replace("_", " ")))
        if self.end == "least":
            yield Markup("the fewest that the interval leaves open of the")
        yield Markup("requests after which the {} has been paid by what each saves of the").format(cost)
        yield self.link(definition) + ","
        yield from self._pairs()
