"""Computes a published value again from the files that it came from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from harness.datasets.read import Dataset

from ..values.questions import Input
from ..values.value import Value, combine
from .declared_inputs import declared_inputs
from .measurements import Measurements
from .questions import ask


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


def recompute(value: Value, data: Path, inputs: Path) -> Value:
    """``value`` computed anew, with everything that it rests on, from the datasets under ``data`` and the inputs that
    are declared under ``inputs``."""
    if value.parents:
        parents = tuple(recompute(parent, data, inputs) for parent in value.parents)
        target = value.unit if value.operation == "convert" else None
        return combine(value.operation, parents, target).named(value.name, value.definition)
    if isinstance(value.question, Input):
        return declared_inputs(inputs).value(value.question.name)
    if value.question is None:
        return value
    dataset = Dataset.open(data / value.question.dataset)
    return ask(Measurements(dataset, other_recording=value.question.other_recording), value.question)
