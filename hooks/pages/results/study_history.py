"""Asks every session of a study for each of its metrics at one cell, and draws a chart of each metric."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from harness.datasets.read import Dataset
from harness.metrics import METRICS
from harness.outcomes import NoValue
from harness.stats.significance.change import Change, changes

from ...analysis.measurements import Measurements
from ...content.blocks import Content, Figure, content_record
from ...content.charts import Axes, Point, intervals
from ...content.facts import Facts
from ...text.naming import slug
from ...values.questions import Filters
from ...values.value import Value

Asked = tuple[Path, bool, str, str]
"""A session: its folder, whether ids name it, how charts name it, and the name of its machine."""
WIDTH = 150
SERIES = {Change.HIGHER: "higher than before", Change.LOWER: "lower than before"}
AS_BEFORE = "not marked"
NOT_POSITIVE, TOO_FEW, NONE = "not judged: a number is not positive", "too few sessions to judge", "no change found"


def compute_history(study: str, sessions: Sequence[Asked], where: Filters) -> dict[str, Any]:
    """A figure for each metric that at least two sessions have, with what was found as a flag of its name.

    One that is the same in all of them is a finding of its name.
    """
    opened = [Measurements(Dataset.open(folder), other_recording=other) for folder, other, _, _ in sessions]
    levels = dict(where)
    figures: dict[str, Figure] = {}
    same: dict[str, Value] = {}
    flags: dict[str, str] = {}
    for metric in _metrics(opened):
        values = [data.value(metric, levels) for data in opened]
        shown = [(value, label, host) for value, (_, _, label, host) in zip(values, sessions, strict=True)]
        present = [one for one in shown if one[0].number is not None]
        name = f"{study}-{slug(metric)}"
        if len(present) > 1 and _alike([value.number or 0.0 for value, _, _ in present]):
            same[name] = present[-1][0]
        elif len(present) > 1:
            said = _judged(present)
            figures[name] = _drawn(name, metric, present, said)
            flags[name] = _finding(present, said)
    return content_record(Content(same, figures=figures, facts=Facts(flags=flags)))


def _alike(numbers: Sequence[float]) -> bool:
    return math.isclose(min(numbers), max(numbers), rel_tol=1e-9)


def _metrics(opened: Sequence[Measurements]) -> list[str]:
    """The metrics of the newest session's design that are still defined, in its order."""
    design: Any = opened[-1].dataset.manifest.design if opened else {"metrics": ()}
    return [name for name in design["metrics"] if name in METRICS]


Shown = tuple[Value, str, str]


def _judged(shown: Sequence[Shown]) -> list[Change] | None:
    """What the earlier sessions on its machine say of each session; ``None`` where a number is not positive."""
    said: dict[int, Change] = {}
    for host in dict.fromkeys(host for _, _, host in shown):
        places = [place for place, one in enumerate(shown) if one[2] == host]
        numbers = np.array([shown[place][0].number for place in places], np.float64)
        try:
            said |= dict(zip(places, changes(numbers), strict=True))
        except NoValue:
            return None
    return [said[place] for place in range(len(shown))]


def _finding(shown: Sequence[Shown], said: Sequence[Change] | None) -> str:
    if said is None:
        return NOT_POSITIVE
    marked = [f"{change} in {label}" for (_, label, _), change in zip(shown, said, strict=True) if change in SERIES]
    if marked:
        return "; ".join(marked)
    return NONE if Change.NONE in said else TOO_FEW


def _drawn(name: str, metric: str, shown: Sequence[Shown], said: Sequence[Change] | None) -> Figure:
    marks: Mapping[int, str] = {place: SERIES[one] for place, one in enumerate(said or ()) if one in SERIES}
    series = "against earlier ones" if marks else ""
    points = [
        Point(label, value, marks.get(place, AS_BEFORE) if marks else "")
        for place, (value, label, _) in enumerate(shown)
    ]
    axes = Axes("session", "value", series)
    return intervals(name, METRICS[metric].name, axes, points, zero=False, width=WIDTH)
