"""Populations that simulated runs are drawn from, with the truth about each.

All lie around 100 and are positive in practice, as latencies and rates are. ``mean`` and ``median`` are exact.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

Floats = np.typing.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shape:
    """``draw(rng, size)`` gives independent values of that shape."""

    name: str
    mean: float
    median: float
    draw: Callable[[np.random.Generator, tuple[int, ...]], Floats]


def log_normal(sigma: float, name: str) -> Shape:
    return Shape(
        name,
        100 * math.exp(sigma**2 / 2),
        100.0,
        lambda rng, size: 100 * np.exp(sigma * rng.standard_normal(size)),
    )


def bimodal(share: float, name: str) -> Shape:
    """A share of the runs is 20 slower, four standard deviations, as when throttled."""
    middle = brentq(lambda x: (1 - share) * norm.cdf(x / 5) + share * norm.cdf((x - 20) / 5) - 0.5, -50, 70)
    return Shape(
        name,
        100 + 20 * share,
        100 + float(middle),
        lambda rng, size: 100 + 5 * rng.standard_normal(size) + 20 * (rng.random(size) < share),
    )


NORMAL = Shape("normal", 100.0, 100.0, lambda rng, size: 100 + 10 * rng.standard_normal(size))
LOG_NORMAL = log_normal(0.5, "log-normal")
HEAVY_TAILED = Shape("heavy-tailed", 100.0, 100.0, lambda rng, size: 100 + 3 * rng.standard_t(3, size))
BIMODAL = bimodal(0.2, "bimodal")

SHAPES = (NORMAL, LOG_NORMAL, HEAVY_TAILED, BIMODAL)
"""What every procedure must cope with, beside autocorrelated sessions."""

SKEWED = log_normal(1.0, "log-normal, very skewed")
HALVES = bimodal(0.5, "bimodal, two halves")
STRESS = (SKEWED, HALVES)
"""Harder than what is promised; shown so that the limits are known."""


@dataclass(frozen=True, slots=True)
class Session:
    """``count`` simulated sessions whose noise is a first-order autoregression over the runs in their order.

    ``values (count, runs)``, ``cells (count, runs)``: every block holds each cell once, in random order.
    """

    values: Floats
    cells: np.typing.NDArray[np.int64]


def session(rng: np.random.Generator, count: int, cells: int, blocks: int, correlation: float) -> Session:
    runs = cells * blocks
    noise = rng.standard_normal((count, runs))
    for i in range(1, runs):
        noise[:, i] = correlation * noise[:, i - 1] + math.sqrt(1 - correlation**2) * noise[:, i]
    order = np.argsort(rng.random((count, blocks, cells)), axis=2)
    return Session(100 + 10 * noise, order.reshape(count, runs))
