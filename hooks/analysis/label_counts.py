"""How many runs prove, contradict or do not support a label, as values that say how to count again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from harness.datasets.read import Dataset
from harness.outcomes import USABLE
from harness.units import ONE

from ..values.evidence import Strength
from ..values.questions import Labelled
from ..values.value import Value
from .label_evidence import Facts, audit


def records(dataset: Dataset) -> Sequence[tuple[Facts, Facts]]:
    """What each usable run was asked for, and its records: effective settings and facts by name."""
    columns = [dataset.runs[name].to_pylist() for name in ("outcome", "requested", "effective", "facts")]
    return [
        (_object(requested), {**_object(facts), **_object(effective)})
        for outcome, requested, effective, facts in zip(*columns, strict=True)
        if outcome in USABLE
    ]


def labelled(question: Labelled, number: int) -> Value:
    """``number`` runs as the answer to ``question``."""
    meaning = f"usable runs whose label is {question.verdict}"
    return Value(number, ONE, Strength.MEASURED, question=question, definition=meaning, decimals=0)


def count_labelled(dataset: Dataset, question: Labelled) -> Value:
    """The answer to ``question``, counted from the runs."""
    asked = question.setting, question.level
    lines = audit(dataset.label, records(dataset))
    number = sum(line.counts.get(question.verdict, 0) for line in lines if (line.setting, line.level) == asked)
    return labelled(question, number)


def _object(text: str | None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text) if text else {}
    return found
