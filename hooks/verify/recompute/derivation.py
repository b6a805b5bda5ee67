"""How a value was computed from others, as a tree that can be evaluated again on draws of its operands."""

from __future__ import annotations

import math
import operator
import statistics
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import scipy

from ..reader.values_json import StatedInterval, StatedValue
from .answer import Answer
from .propagation import LEVEL, Propagation

Floats = npt.NDArray[np.float64]
N = TypeVar("N", float, Floats)
PREDICT = "predict"
"""What a new host would give, from a number of each of at least ``FEWEST_HOSTS``."""
FEWEST_HOSTS = 3
FOR_A_NEW_HOST = "Student t of logarithms, for a new host"
EQUAL = 1e-9
"""Logarithms that differ by less are of one number."""
_STEPS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    PREDICT: lambda *numbers: statistics.geometric_mean(numbers),
}
OPERATIONS = (*_STEPS, "convert")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A measured operand with its runs, or a plain number where ``answer`` has none; ``digest`` is its dataset's."""

    answer: Answer
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """``operation`` over operands; ``scales`` are those of their units, ``scale`` that of the result."""

    operation: str
    parts: tuple[Node, ...]
    scales: tuple[float, ...]
    scale: float


Node = Leaf | Branch


def combine(operation: str, numbers: Sequence[N], scales: Sequence[float], scale: float) -> N:
    """One step of arithmetic in base units, on numbers or on arrays of one shape; a prediction on numbers alone.

    Raises ``ZeroDivisionError``, and ``StatisticsError`` for a prediction from what is not above zero.
    """
    base = [number * own for number, own in zip(numbers, scales, strict=True)]
    return (base[0] if operation == "convert" else _STEPS[operation](*base)) / scale


def tree(key: str, values: Mapping[str, StatedValue], answers: Mapping[str, Answer]) -> Node:
    """The derivation of the value ``key``. ``answers`` holds those of measured values."""
    value = values[key]
    if not value.parents:
        return Leaf(answers.get(key) or Answer(value.number, value.n), getattr(value.question, "digest", ""))
    parts = tuple(tree(parent, values, answers) for parent in value.parents)
    return Branch(value.operation, parts, tuple(values[parent].scale for parent in value.parents), value.scale)


@lru_cache(maxsize=4096)
def interval(node: Node) -> StatedInterval | None:
    """The interval of a derived value, computed again."""
    if isinstance(node, Leaf):
        return node.answer.interval
    if node.operation == "convert":
        return _scaled(interval(node.parts[0]), node.scales[0] / node.scale)
    if node.operation == PREDICT:
        return _for_a_new_host(node)
    leaves = tuple(_leaves(node))
    if any(leaf.interval is not None and not leaf.numbers for leaf in leaves):
        return _of_two_datasets(node)
    operands = {_runs(leaf): leaf for leaf in leaves if leaf.numbers}
    if _adds_up(list(_directions(node, up=True))):
        return None

    def formula(drawn: Sequence[Floats]) -> Floats:
        return _evaluated(node, dict(zip(operands, drawn, strict=True)))

    return Propagation(tuple(operands.values()), formula).interval()


def _of_two_datasets(node: Branch) -> StatedInterval | None:
    """Of a ratio of two numbers of different datasets, each with an interval and without runs: the distances of their
    logarithms to the ends, squared and added."""
    above, below = (node.parts[0], node.parts[-1])
    if node.operation != "/" or not (isinstance(above, Leaf) and isinstance(below, Leaf)):
        return None
    if not (above.digest and below.digest) or above.digest == below.digest:
        return None
    over, under = above.answer, below.answer
    if over.interval is None or under.interval is None or over.numbers or under.numbers:
        return None
    if over.number is None or under.number is None or min(over.interval.low, under.interval.low) <= 0:
        return None
    top, base = (
        np.log([one.low, middle, one.high])
        for one, middle in ((over.interval, over.number), (under.interval, under.number))
    )
    low = np.hypot(top[1] - top[0], base[2] - base[1])
    high = np.hypot(top[2] - top[1], base[1] - base[0])
    ends = np.exp([top[1] - base[1] - low, top[1] - base[1] + high])
    level = min(over.interval.level, under.interval.level)
    return StatedInterval(low=float(ends[0]), high=float(ends[1]), level=level, method="square and add")


def _for_a_new_host(node: Branch) -> StatedInterval | None:
    """The prediction interval around the mean logarithm, by Student's t; none where all hosts give the same."""
    numbers = [_middle(part) * scale / node.scale for part, scale in zip(node.parts, node.scales, strict=True)]
    logs, k = [math.log(number) for number in numbers if number > 0], len(numbers)
    if len(logs) < k or max(logs) - min(logs) < EQUAL:
        return None
    quantile = float(scipy.stats.t.ppf((1 + LEVEL) / 2, k - 1))
    away = quantile * math.sqrt(statistics.variance(logs) * (k + 1) / k)
    ends = (math.exp(statistics.fmean(logs) + side * away) for side in (-1, 1))
    return StatedInterval(low=next(ends), high=next(ends), level=LEVEL, method=FOR_A_NEW_HOST)


def predicts(node: Node) -> bool:
    """Whether a value, or one that it was computed from, is what a new host would give."""
    return isinstance(node, Branch) and (node.operation == PREDICT or any(map(predicts, node.parts)))


def of_one_dataset(node: Branch) -> bool:
    """Whether two parts of a value, or one alone, rest on the same dataset or on none."""
    digests = [frozenset(_digests(part)) for part in node.parts]
    return not all(digests) or any(one & other for one, other in combinations(digests, 2))


def _digests(node: Node) -> Iterator[str]:
    if isinstance(node, Leaf):
        yield from filter(None, (node.digest,))
        return
    for part in node.parts:
        yield from _digests(part)


def _runs(leaf: Answer) -> Hashable:
    """What makes two operands one: the same numbers of the same runs, reduced alike."""
    return leaf.cells, leaf.runs, leaf.numbers, leaf.statistic


def _scaled(found: StatedInterval | None, factor: float) -> StatedInterval | None:
    if found is None:
        return None
    return StatedInterval(low=found.low * factor, high=found.high * factor, level=found.level, method=found.method)


def _leaves(node: Node) -> Iterator[Answer]:
    if isinstance(node, Leaf):
        yield node.answer
        return
    for part in node.parts:
        yield from _leaves(part)


def _adds_up(directions: Sequence[tuple[Answer, bool]]) -> bool:
    """Whether different operands of one block push the result in one direction, so that what they share adds up."""
    return any(
        up == also_up and _runs(one) != _runs(other) and not set(one.blocks).isdisjoint(other.blocks)
        for (one, up), (other, also_up) in combinations(directions, 2)
    )


def _directions(node: Node, *, up: bool) -> Iterator[tuple[Answer, bool]]:
    """Each operand that differs between blocks, and whether the result grows with it."""
    if isinstance(node, Leaf):
        if len(set(node.answer.by_block)) > 1:
            yield node.answer, up
        return
    for part, beside in zip(node.parts, reversed(node.parts), strict=True):
        turned = node.operation in ("*", "/") and _middle(beside) < 0
        turned ^= node.operation in ("-", "/") and part is not node.parts[0]
        yield from _directions(part, up=up ^ turned)


def _middle(node: Node) -> float:
    """The number of a node."""
    if isinstance(node, Leaf):
        return node.answer.number or 0.0
    return float(combine(node.operation, [_middle(part) for part in node.parts], node.scales, node.scale))


def _evaluated(node: Node, drawn: Mapping[Hashable, Floats]) -> Floats:
    if isinstance(node, Leaf):
        number = np.nan if node.answer.number is None else node.answer.number
        return drawn[_runs(node.answer)] if node.answer.numbers else np.asarray(number)
    parts = [_evaluated(part, drawn) for part in node.parts]
    if node.operation == "/" and parts[1].min() <= 0 <= parts[1].max():
        raise ZeroDivisionError
    return combine(node.operation, parts, node.scales, node.scale)
