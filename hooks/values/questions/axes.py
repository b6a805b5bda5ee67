"""What stands on the other axis: a number of each cell, beside the metric that a law is asked of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from markupsafe import Markup
from pydantic import Field

from ...text.escaping import escape_markdown


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelAxis:
    """The level of a factor, where its levels are numbers."""

    kind: Literal["level"] = "level"
    factor: str

    @property
    def words(self) -> Markup:
        return escape_markdown(self.factor)

    @property
    def definitions(self) -> dict[str, str]:
        """The definitions of the metrics that it rests on, by id."""
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingAxis:
    """A number that the engine reported for a setting, such as the parameters of its model."""

    kind: Literal["effective"] = "effective"
    key: str

    @property
    def words(self) -> Markup:
        return Markup("the setting {} as the engine reported it").format(escape_markdown(self.key))

    @property
    def definitions(self) -> dict[str, str]:
        """The definitions of the metrics that it rests on, by id."""
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricAxis:
    """The median over the runs of a cell of another metric; ``phase`` and ``within`` as for ``OfMetric``."""

    kind: Literal["metric"] = "metric"
    metric: str
    version: int
    phase: str | None = None
    within: str | None = None

    @property
    def words(self) -> Markup:
        (definition,) = self.definitions.values()
        name = escape_markdown(definition.partition(":")[0])
        return Markup('<a href="#metric-{}">{}</a>').format(self.metric, name)

    @property
    def definitions(self) -> dict[str, str]:
        """The definitions of the metrics that it rests on, by id."""
        from harness.metrics import metric

        return {self.metric: metric(self.metric).definition}


Axis = Annotated[LevelAxis | SettingAxis | MetricAxis, Field(discriminator="kind")]
