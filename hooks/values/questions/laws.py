"""How do two quantities go together over the cells of a dataset? Never why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Literal

from markupsafe import Markup

from ...text.escaping import escape_markdown
from .axes import Axis
from .of_metric import MetricQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class LawQuestion(MetricQuestion):
    """A metric of cells, each the median over its runs, against what stands on the axis ``over``."""

    kind: str
    over: Axis

    def asked(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "metric": self.metric,
            "metric_version": self.version,
            "where": {name: list(levels) for name, levels in self.where},
            "phase": self.phase,
            "within": self.within,
            "over": asdict(self.over),
        }

    @property
    def subject(self) -> str:
        return f"{self.kind} {self.metric}"

    def definitions(self, definition: str) -> dict[str, str]:
        return {**super(LawQuestion, self).definitions(definition), **self.over.definitions}

    def _each_run(self) -> Markup:
        """How the requests or tasks of a run became one number; empty where they did not."""
        if not self.within:
            return Markup()
        over = Markup("{} requests").format(escape_markdown(self.phase)) if self.phase else "tasks"
        return Markup(", each the {} over {}").format(self.reduction, over)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope(LawQuestion):
    """The exponent of the power law between a size and the median over all runs of that size."""

    kind: Literal["slope"] = "slope"

    def words(self, definition: str) -> Iterator[Markup]:
        yield self.link(definition) + ","
        yield Markup("exponent of its power law over {}:").format(self.over.words)
        yield Markup("least squares on logarithms, a point for each size, the median over its runs") + self._each_run()


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlated(LawQuestion):
    """Spearman's rank correlation of the cells."""

    kind: Literal["correlation"] = "correlation"

    def words(self, definition: str) -> Iterator[Markup]:
        yield self.link(definition) + ","
        yield Markup("rank correlation with {}:").format(self.over.words)
        yield Markup("a point for each cell, the median over its runs") + self._each_run()
