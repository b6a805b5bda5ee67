"""Which law does a metric follow over sizes, and what does the law say?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from ...text.escaping import literal
from .laws import LawQuestion

LawName = Literal["power", "overhead", "layers"]
Told = Literal["r_squared", "held_out_error", "prediction", "exponent_over_sessions", "first_cost"]

_LAWS = {
    "power": "power law over",
    "overhead": "sum of an overhead and a cost for each unit of",
    "layers": "sum of a cost for each layer and one for each unit of",
}
_TOLD = {
    "r_squared": "share of the variance of logarithms that the law explains",
    "held_out_error": "error at a size that is left out of the fit: root mean square of logarithms, as a percentage",
    "prediction": "what it says of one new size, with the interval in which that is expected",
    "exponent_over_sessions": "exponent fitted in each session by itself, mean over sessions",
    "first_cost": "the first of both, by least squares of relative errors",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted(LawQuestion):
    """``told`` of ``law``, which is fitted to a point for each size; ``at`` is the new size of a prediction.

    The law of layers takes their number from the setting ``depth``.
    """

    kind: Literal["fit"] = "fit"
    law: LawName
    told: Told
    at: float | None = None
    depth: str = "model_layers"

    def asked(self) -> dict[str, object]:
        asked = super(Fitted, self).asked()
        return {**asked, "law": self.law, "told": self.told, "at": self.at, "depth": self.depth}

    @property
    def subject(self) -> str:
        return f"{self.law} {self.told.replace('_', '-')} {self.metric}"

    def words(self, definition: str) -> Iterator[Markup]:
        yield self.link(definition) + ","
        yield Markup("{} {}:").format(_LAWS[self.law], self.over.words)
        yield Markup("{}; a point for each size, the median over its runs").format(_TOLD[self.told]) + self._each_run()
        if self.at is not None:
            yield Markup("; the new size is {}").format(literal(f"{self.at:,.10g}", "setting"))
