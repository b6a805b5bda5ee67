"""A condition on what a comparison finds: ``ttft.high > 1.05``, ``ttft.p95.ratio > 1.1``, ``goodput.low < 0.9``."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from ..errors import UsageError
from ..metrics import metric as metric_named
from ..metrics.definition import RateMetric
from ..metrics.reduce import POOLED, SIMPLE, quantile_of

Part = Literal["ratio", "low", "high"]
PARTS: tuple[Part, ...] = ("ratio", "low", "high")
"""The estimate of new over old, and the ends of its 95 % interval."""
_COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_PLAIN = (*SIMPLE, POOLED)
_WRITTEN = re.compile(r"\s*([a-z0-9_]+)((?:\.[a-z0-9]+){1,2})\s*(>=|<=|>|<)\s*([0-9]+(?:\.[0-9]+)?)\s*")
HOW = (
    "write METRIC.ratio, METRIC.low or METRIC.high, then > or <, then a number above zero in plain digits, such as "
    "ttft.high > 1.05"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A metric, and how the requests of a run become one number of it."""

    metric: str
    within: str

    @property
    def text(self) -> str:
        """``ttft, median``."""
        return f"{self.metric}, {self.within}"


@dataclass(frozen=True, slots=True)
class Condition:
    """What must not hold at any load or setting."""

    text: str
    asked: Asked
    part: Part
    compared: str
    limit: float

    def holds(self, number: float) -> bool:
        """Whether a number meets it."""
        return _COMPARED[self.compared](number, self.limit)


def asked_of(metric_id: str, within: str = "") -> Asked:
    """A metric by its id: pooled where it is a rate and the median elsewhere, unless ``within`` says otherwise.

    Raises ``UnknownName`` for another metric and ``UsageError`` for another statistic.
    """
    usual = POOLED if isinstance(metric_named(metric_id), RateMetric) else "median"
    if within and within not in _PLAIN:
        quantile_of(within)
    return Asked(metric_id, within or usual)


def read_condition(text: str) -> Condition:
    """A condition as a person writes it. Raises ``UsageError`` or ``UnknownName``."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise UsageError(f"--fail-if {text[:100]!r} is no condition; {HOW}")
    metric_id, dotted, compared, limit = found.groups()
    *within, last = dotted.removeprefix(".").split(".")
    part = next((part for part in PARTS if part == last), None)
    if part is None or not 0 < float(limit) < float("inf"):
        raise UsageError(f"--fail-if {text[:100]!r} is no condition; {HOW}")
    return Condition(" ".join(text.split()), asked_of(metric_id, *within), part, compared, float(limit))
