"""Computes a published value again from the sealed files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from harness.datasets.read import Dataset
from harness.errors import UsageError

from ..values.selector import DETECTABLE, Selector
from ..values.value import Value, combine
from .calibration import Instrument
from .contrasts import contrasts
from .label_counts import counted_again
from .measurements import Measurements
from .validity_flags import flagged


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A value as its page publishes it and as the sealed files give it now."""

    page: str
    published: Value
    now: Value

    @property
    def agrees(self) -> bool:
        """Whether both are the same number with the same interval."""
        return self.published == replace(self.now, sample=None)


def recompute(value: Value, data: Path) -> Value:
    """``value`` computed anew, with everything that it rests on, from the datasets under ``data``."""
    if value.parents:
        parents = tuple(recompute(parent, data) for parent in value.parents)
        target = value.unit if value.operation == "convert" else None
        return combine(value.operation, parents, target).named(value.name, value.definition)
    if value.selector is None:
        return value
    dataset = Dataset.open(data / value.selector.dataset)
    return ask(Measurements(dataset, other_recording=value.selector.other_recording), value.selector)


def ask(data: Measurements, selector: Selector) -> Value:
    """What a selector asks for. Raises ``UsageError`` where it asks another dataset than this one."""
    if selector.digest != data.dataset.digest:
        raise UsageError(f"the value was computed from another {selector.dataset} than the one in this data folder")
    kind, _, key = selector.metric.partition(".")
    where = dict(selector.where)
    if kind == "count":
        return data.count(key, where, outcome=selector.outcome, code=selector.code)
    if kind == "effective":
        return data.effective(key, where)
    if kind == "flagged":
        return flagged(data, key)
    if kind == "label":
        return counted_again(data.dataset, selector)
    if kind == "calibration":
        return Instrument(data.dataset).value(key, where)
    phase, within = selector.phase or "measured", selector.within
    if selector.contrast is None:
        across: Any = selector.across
        return data.value(selector.metric, where, phase=phase, within=within, across=across)
    factor, level, _ = selector.contrast
    found = contrasts(data, selector.metric, factor, where, phase=phase, within=within)
    asked = next(contrast for contrast in found if contrast.level == level)
    return asked.detectable if selector.across == DETECTABLE else asked.ratio
