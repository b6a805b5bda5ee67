"""What is a metric of these runs?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from ...text.escaping import escape_markdown, literal
from .base import OfRuns, flat

STATISTICS = {"mean": "mean", "median": "median", "pooled": "ratio of sums", "max": "largest"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricQuestion(OfRuns):
    """``within`` turns the requests of a ``phase`` of a run, or its tasks, into one number; both are null for what a
    metric does not have."""

    metric: str
    version: int
    phase: str | None = None
    within: str | None = None

    def definitions(self, definition: str) -> dict[str, str]:
        return {self.metric: definition}

    def link(self, definition: str) -> Markup:
        """The name of the metric, leading to its definition."""
        return Markup('<a href="#metric-{}">{}</a>').format(self.metric, escape_markdown(definition.partition(":")[0]))

    @property
    def reduction(self) -> Markup | str:
        """How a run's requests become one number, in words."""
        within = self.within or ""
        return STATISTICS.get(within) or literal(within, "definition")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfMetric(MetricQuestion):
    """``across`` turns the runs into the estimate. A run's number over requests of one phase may be ``divided_by`` its
    number over those of another. ``prompt`` keeps the requests of one prompt, in both phases."""

    kind: Literal["metric"] = "metric"
    across: str = "median"
    divided_by: str | None = None
    prompt: str | None = None

    def asked(self) -> dict[str, object]:
        phase = f"{self.phase}/{self.divided_by}" if self.divided_by else self.phase
        asked = flat(self.metric, self.version, self.where, phase=phase, within=self.within, across=self.across)
        return {**asked, "prompt": self.prompt} if self.prompt else asked

    def id_words(self) -> Iterator[str]:
        yield from super(OfMetric, self).id_words()
        if self.prompt:
            yield self.prompt

    def words(self, definition: str) -> Iterator[Markup]:
        yield self.link(definition) + ","
        across = STATISTICS.get(self.across, escape_markdown(self.across))
        yield Markup("{} over blocks of the {} over their runs").format(across, across)
        if self.within and self.phase:
            yield Markup("of the {} over {} requests").format(self.reduction, escape_markdown(self.phase))
        elif self.within:
            yield Markup("of the {} over tasks").format(self.reduction)
        if self.divided_by:
            yield Markup("divided by that over {} requests of the same run").format(escape_markdown(self.divided_by))
        if self.prompt:
            yield Markup("with the prompt {}").format(literal(self.prompt, "identifier"))
