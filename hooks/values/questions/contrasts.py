"""What does a level do against a reference? Asked in pairs of runs that share everything else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from markupsafe import Markup

from ...text.escaping import escape_markdown, literal
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

    def _pairs(self) -> Iterator[Markup]:
        sides = literal(self.level, "setting"), literal(self.reference, "setting")
        yield Markup("{} {} over {}").format(escape_markdown(self.factor), *sides)
        yield Markup("in pairs of runs that share all other settings, averaged over each block, each run")
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
        yield Markup("the smallest ratio over one that at least four of five such recordings would have found for")
        yield from self._pairs()
