"""Which law do sizes follow? A power law or a sum of two costs, judged by how well each tells a size it has not seen.

A law is fitted to the ``size (n,)``, the ``depth (n,)`` and the ``y (n,)`` of things, one point for each, all positive.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from ..outcomes import Missing, NoValue
from .arrays import Floats
from .fit import power_law
from .intervals.interval import Interval

Law: TypeAlias = Literal["power", "overhead", "layers"]
MINIMUM_HELD_OUT = 5
MINIMUM_SESSIONS = 6


@dataclass(frozen=True, slots=True)
class Points:
    """One point for each size; arrays of shape ``(n,)``, all positive."""

    size: Floats
    depth: Floats
    y: Floats

    def __post_init__(self) -> None:
        if any(bool((one <= 0).any()) for one in (self.size, self.depth, self.y)):
            raise NoValue(Missing.NOT_APPLICABLE)

    def without(self, k: int) -> Points:
        """All points but one."""
        return Points(*(np.delete(one, k) for one in (self.size, self.depth, self.y)))


def power(points: Points) -> Callable[[float, float], float]:
    """y = coefficient · size ** exponent, by least squares on logarithms."""
    law = power_law(points.size, points.y)
    return lambda size, _: law.at(size)


def overhead(points: Points) -> Callable[[float, float], float]:
    """y = overhead + cost · size, by least squares of relative errors; neither is negative."""
    first, second = two_costs(np.ones_like(points.size), points.size, points.y)
    return lambda size, _: first + second * size


def layers(points: Points) -> Callable[[float, float], float]:
    """y = cost of a layer · depth + cost · size, by least squares of relative errors; neither is negative."""
    first, second = two_costs(points.depth, points.size, points.y)
    return lambda size, depth: first * depth + second * size


LAWS: Mapping[Law, Callable[[Points], Callable[[float, float], float]]] = {
    "power": power,
    "overhead": overhead,
    "layers": layers,
}


def two_costs(one: Floats, other: Floats, y: Floats) -> tuple[float, float]:
    """The non-negative a and b whose a · one + b · other has the least sum of squared relative errors to ``y``."""
    from scipy.optimize import nnls

    (first, second), _ = nnls(np.column_stack((one / y, other / y)), np.ones_like(y))
    return float(first), float(second)


def held_out_error(law: Law, points: Points) -> float:
    """How far the law lies from a size that it was not fitted to: 0.2 is a factor of 1.2.

    Each size in turn is left out and told from the others; the root mean square of the logarithms of told ÷ measured
    is the error. Raises ``NoValue`` (``TOO_FEW_SAMPLES``) below ``MINIMUM_HELD_OUT`` points.
    """
    if len(points.y) < MINIMUM_HELD_OUT:
        raise NoValue(Missing.TOO_FEW_SAMPLES)
    missed = [
        math.log(LAWS[law](points.without(k))(float(points.size[k]), float(points.depth[k])) / float(points.y[k]))
        for k in range(len(points.y))
    ]
    return math.expm1(math.sqrt(math.fsum(error * error for error in missed) / len(missed)))


def told(points: Points, size: float, level: float = 0.95) -> tuple[float, Interval]:
    """What the power law says of a new ``size``, with the interval in which one such size is expected to lie.

    That interval counts both how well the law is known and how far sizes lie from it. Raises ``NoValue`` as
    ``power_law``.
    """
    from scipy.special import stdtrit

    law = power_law(points.size, points.y)
    u = np.log(points.size)
    off = math.log(size) - float(u.mean())
    spread = float(((u - u.mean()) ** 2).sum())
    n = len(u)
    half = float(stdtrit(n - 2, (1 + level) / 2)) * law.scatter * math.sqrt(1 + 1 / n + off * off / spread)
    number = law.at(size)
    return number, Interval(number * math.exp(-half), number * math.exp(half), level, "Student t, for one new size")


def over_sessions(exponents: list[float], level: float = 0.95) -> tuple[float, Interval | None]:
    """The mean of one exponent for each session, with Student's interval; none below ``MINIMUM_SESSIONS``."""
    n, mean = len(exponents), math.fsum(exponents) / len(exponents)
    if n < MINIMUM_SESSIONS:
        return mean, None
    from scipy.special import stdtrit

    half = float(stdtrit(n - 1, (1 + level) / 2)) * float(np.std(exponents, ddof=1)) / math.sqrt(n)
    return mean, Interval(mean - half, mean + half, level, "Student t over sessions")
