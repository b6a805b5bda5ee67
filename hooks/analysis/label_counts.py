"""How many runs prove, contradict or do not support a label, as values that say how to count again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from harness.datasets.read import Dataset
from harness.outcomes import USABLE
from harness.units import ONE

from ..text.naming import slug
from ..values.selector import Selector, Strength
from ..values.value import Value
from .label_evidence import VERDICTS, Facts, audit


def records(dataset: Dataset) -> Sequence[tuple[Facts, Facts]]:
    """What each usable run was asked for, and its records: effective settings and facts by name."""
    columns = [dataset.runs[name].to_pylist() for name in ("outcome", "requested", "effective", "facts")]
    return [
        (_object(requested), {**_object(facts), **_object(effective)})
        for outcome, requested, effective, facts in zip(*columns, strict=True)
        if outcome in USABLE
    ]


def labelled(
    dataset: str, digest: str, setting: str, level: str, verdict: str, number: int, *, other_recording: bool = False
) -> Value:
    """The usable runs whose label ``setting`` is ``level`` and whose records say ``verdict`` of it."""
    selector = Selector(
        dataset, digest, f"label.{slug(verdict)}", 1, ((setting, (level,)),), other_recording=other_recording
    )
    meaning = f"usable runs whose label is {verdict}"
    return Value(number, ONE, Strength.MEASURED, selector=selector, definition=meaning, decimals=0)


def counted_again(dataset: Dataset, selector: Selector) -> Value:
    """What ``selector`` asks for."""
    ((setting, (level,)),) = selector.where
    verdict = next(verdict for verdict in VERDICTS if selector.metric == f"label.{slug(verdict)}")
    lines = audit(dataset.label, records(dataset))
    number = sum(line.counts.get(verdict, 0) for line in lines if (line.setting, line.level) == (setting, level))
    return labelled(
        dataset.label, dataset.digest, setting, str(level), verdict, number, other_recording=selector.other_recording
    )


def _object(text: str | None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text) if text else {}
    return found
