"""How far apart are the sessions of one host? Asked of a metric, or of a ratio of one level to another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from ...text.escaping import escape_markdown, literal
from ..evidence import Level
from .base import flat
from .of_metric import MetricQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread(MetricQuestion):
    """The standard deviation of logarithms over sessions, as the factor whose logarithm it is: of the ratio of
    ``level`` to ``reference`` of a ``factor``, or of the metric itself where no factor is named."""

    kind: Literal["spread"] = "spread"
    factor: str | None = None
    level: Level | None = None
    reference: Level | None = None

    def asked(self) -> dict[str, object]:
        sides = {"factor": self.factor, "level": self.level, "reference": self.reference}
        asked = flat(self.metric, self.version, self.where, phase=self.phase, within=self.within, across=self.kind)
        return {**asked, "contrast": sides if self.factor else None}

    @property
    def subject(self) -> str:
        return f"{self.kind} {self.metric}"

    def words(self, definition: str) -> Iterator[Markup]:
        yield Markup("the standard deviation over sessions of the logarithm, as a factor, of the")
        yield self.link(definition) + ("," if self.factor else Markup())
        if self.factor:
            sides = literal(str(self.level), "setting"), literal(str(self.reference), "setting")
            yield Markup("{} {} over {}").format(escape_markdown(self.factor), *sides)
