"""A bench beside the one before it: what changed, with intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp

import numpy as np

from ..datasets.catalog import find
from ..datasets.read import Dataset
from ..datasets.stored_design import declared_matrix
from ..design import Value
from ..errors import UnknownName
from ..outcomes import NoValue
from ..stats.comparison.shift import difference
from .results import metric_values

COMPARED = ("ttft_ms", "tpot_ms", "output_tok_per_s")


@dataclass(frozen=True, slots=True)
class Change:
    """The ratio of a number at one load, now over before; without an interval where there are too few runs."""

    level: Value
    name: str
    ratio: float
    low: float | None
    high: float | None

    @property
    def shown(self) -> bool:
        """Whether its interval leaves one out."""
        return self.low is not None and self.high is not None and not self.low <= 1 <= self.high


def before(dataset: Dataset) -> Dataset | None:
    """The version before ``dataset``, where it varied the same factors."""
    manifest = dataset.manifest
    try:
        earlier = Dataset.open(find(dataset.path.parents[1], manifest.study, manifest.version - 1).path)
    except UnknownName:
        return None
    names = [{factor.name for factor in declared_matrix(one.manifest.design).factors} for one in (dataset, earlier)]
    return earlier if names[0] == names[1] else None


def changes(now: Dataset, then: Dataset, factor: str, levels: Sequence[Value]) -> Iterator[Change]:
    """What can be compared, load by load."""
    here, there = metric_values(now), metric_values(then)
    for level in levels:
        for name in COMPARED:
            a, b = (values[name].take(values[name].columns[factor] == level).present for values in (here, there))
            try:
                found = difference(np.log(a), np.log(b))
            except NoValue:
                continue
            ends = (exp(found.interval.low), exp(found.interval.high)) if found.interval else (None, None)
            yield Change(level, name, exp(found.value), *ends)
