"""Laws between two quantities: a power law with the interval of its exponent, and rank correlation."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..outcomes import Missing, NoValue
from .arrays import Floats, sample
from .intervals.interval import Interval

MINIMUM_SIZES = 4
NEARLY_PERFECT = 0.9


@dataclass(frozen=True, slots=True)
class PowerLaw:
    """y = coefficient · x ** exponent, by least squares on logarithms.

    ``scatter`` is the residual standard deviation of ln y: how far the sizes lie from the law itself.
    """

    exponent: float
    exponent_interval: Interval
    coefficient: float
    r_squared: float
    scatter: float
    n: int

    def at(self, x: float) -> float:
        """The law's y. Only inside the fitted range is it measured; outside it is extrapolated."""
        return float(self.coefficient * x**self.exponent)


def power_law(x: Floats, y: Floats, level: float = 0.95) -> PowerLaw:
    """Fits positive ``x (n,)`` and ``y (n,)``: one point per size, such as the median over its runs.

    The interval is Student's with n − 2 degrees of freedom: it counts how far the sizes lie from one law, which
    resampling the runs of fixed sizes would leave out. Give runs of one size as one point: they are not new sizes.
    Raises ``NoValue``: ``TOO_FEW_SAMPLES`` below four different sizes, ``NOT_APPLICABLE`` for values ≤ 0.
    """
    sizes, values = sample(x), sample(y)
    if bool((sizes <= 0).any() or (values <= 0).any()):
        raise NoValue(Missing.NOT_APPLICABLE)
    if len(np.unique(sizes)) < MINIMUM_SIZES:
        raise NoValue(Missing.TOO_FEW_SAMPLES)
    from scipy.special import stdtrit

    u, v = np.log(sizes), np.log(values)
    du, dv = u - u.mean(), v - v.mean()
    exponent = float(du @ dv / (du @ du))
    left = dv - exponent * du
    scatter = math.sqrt(float(left @ left) / (len(u) - 2))
    half = float(stdtrit(len(u) - 2, (1 + level) / 2)) * scatter / math.sqrt(float(du @ du))
    total = float(dv @ dv)
    return PowerLaw(
        exponent=exponent,
        exponent_interval=Interval(exponent - half, exponent + half, level, "Student t on logarithms"),
        coefficient=math.exp(float(v.mean() - exponent * u.mean())),
        r_squared=1.0 if total == 0 else 1 - float(left @ left) / total,
        scatter=scatter,
        n=len(u),
    )


@dataclass(frozen=True, slots=True)
class Correlation:
    """Spearman's rank correlation; a correlation, never a cause."""

    coefficient: float
    interval: Interval
    p_value: float
    n: int


def spearman(x: Floats, y: Floats, level: float = 0.95) -> Correlation:
    """Rank correlation of ``x (n,)`` and ``y (n,)``, with Fisher's interval in Bonett and Wright's form.

    That form is too narrow near a perfect correlation, and none exists for a perfect one. So r counts for no more than
    the largest that is not perfect, 1 − 12 / (n³ − n), and from ``NEARLY_PERFECT`` on the interval reaches to the end.

    Raises ``NoValue``: ``TOO_FEW_SAMPLES`` for n < 10, ``NOT_APPLICABLE`` where one of them does not vary.
    """
    a, b = sample(x), sample(y)
    if len(a) < 10:
        raise NoValue(Missing.TOO_FEW_SAMPLES)
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        raise NoValue(Missing.NOT_APPLICABLE)
    from scipy.special import stdtrit
    from scipy.stats import spearmanr

    found = spearmanr(a, b)
    n, r = len(a), float(found.statistic)
    most = 1 - 12 / (n**3 - n)
    near = max(-most, min(most, r))
    half = float(stdtrit(n - 2, (1 + level) / 2)) * math.sqrt((1 + near * near / 2) / (n - 3))
    low, high = math.tanh(math.atanh(near) - half), math.tanh(math.atanh(near) + half)
    bounds = -1.0 if r <= -NEARLY_PERFECT else low, 1.0 if r >= NEARLY_PERFECT else high
    return Correlation(r, Interval(*bounds, level, "Fisher z, Bonett and Wright"), float(found.pvalue), n)
