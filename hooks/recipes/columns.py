"""The columns of a report's tables: what is asked of each row. Units come from the metric that is asked.

A heading is the author's word for a metric. It cannot say *mean* of a median or *median* of a mean, and a mean must
say that it is one. A mean is that over all requests, where it does not say *of a run*; a largest one that it is the
*slowest*, *largest* or *longest*. Without a heading the metric's own name stands there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from harness.errors import UsageError
from harness.metrics import metric as metric_named
from harness.units import ONE, TOKENS, Unit

from ..analysis.estimates import Across, about_requests, usual_reduction
from ..content.blocks import Cell, Column, Form
from .report_builder import Draft
from .rows import Row

R_contra = TypeVar("R_contra", bound=Row, contravariant=True)
_STATISTICS = ("mean", "median")
_OF_A_RUN = "of a run"
_LARGEST = frozenset({"slowest", "largest", "longest"})


@dataclass(frozen=True, slots=True)
class AskedColumn(Generic[R_contra]):
    """A column, and what fills its cell in a row."""

    column: Column
    ask: Callable[[Draft, R_contra], Cell]


def metric(
    metric_id: str,
    heading: str = "",
    *,
    phase: str = "measured",
    within: str | None = None,
    across: Across = "median",
    prompt: str | None = None,
) -> AskedColumn[Row]:
    """A metric of each row with its interval; the unit stands in the heading. ``prompt`` keeps its requests alone.

    Raises ``UnknownName`` for a metric that does not exist, ``UsageError`` for a heading that names another statistic.
    """
    return _metric(metric_id, heading, "interval", phase, within, across, prompt)


def metrics(**headings: str) -> tuple[AskedColumn[Row], ...]:
    """Several metrics by id, each with its heading: medians of measured requests."""
    return tuple(metric(metric_id, heading) for metric_id, heading in headings.items())


def count(
    metric_id: str,
    heading: str = "",
    *,
    phase: str = "measured",
    within: str | None = None,
    across: Across = "median",
) -> AskedColumn[Row]:
    """A metric that counts, without unit and interval: the heading says what is counted.

    Raises ``UsageError`` for a metric that has a unit which a reader needs; otherwise as ``metric``.
    """
    if metric_named(metric_id).unit not in (ONE, TOKENS):
        raise UsageError(f"metric {metric_id!r} counts nothing: it has a unit; use metric()")
    return _metric(metric_id, heading, "figure", phase, within, across)


def _metric(
    metric_id: str,
    heading: str,
    form: Form,
    phase: str,
    within: str | None,
    across: Across,
    prompt: str | None = None,
) -> AskedColumn[Row]:
    found = metric_named(metric_id)
    said = heading or found.name
    of_requests = about_requests(found, phase, within)["within"] is not None
    _demand_true(said, (within or usual_reduction(found), across) if of_requests else (across,))
    unit = found.unit if form == "interval" else None
    return AskedColumn(
        Column(said, unit, form),
        lambda draft, row: draft.ask(metric_id, row.where, phase=phase, within=within, across=across, prompt=prompt),
    )


def _demand_true(heading: str, asked: tuple[str, ...]) -> None:
    """The statistics that a heading names are those that are asked."""
    words = set(re.findall(r"[a-z]+", heading.lower()))
    for statistic in _STATISTICS:
        if statistic in words and statistic not in asked:
            raise UsageError(f"heading {heading!r} says {statistic}, but the column asks {' of '.join(asked[::-1])}")
    if "mean" in asked and "mean" not in words:
        raise UsageError(f"heading {heading!r} is that of a mean and does not say so")
    if "mean" in words and _OF_A_RUN not in heading and set(asked) != {"mean"}:
        raise UsageError(
            f"heading {heading!r} is that of {' of '.join(asked[::-1])}; a mean is over all requests (within='mean',"
            f" across='mean'), or says {_OF_A_RUN!r}"
        )
    if "max" in asked and not words & _LARGEST:
        raise UsageError(f"heading {heading!r} is that of a largest one; say {', '.join(sorted(_LARGEST))}")


def column(
    heading: str, ask: Callable[[Draft, R_contra], Cell], unit: Unit | None = None, form: Form = "interval"
) -> AskedColumn[R_contra]:
    """Anything else that is asked of each row."""
    return AskedColumn(Column(heading, unit, form), ask)


RUNS: AskedColumn[Row] = AskedColumn(Column("runs"), lambda draft, row: draft.data.count("runs", row.where))
"""How many runs stand behind a row."""

PARAMETERS: AskedColumn[Row] = AskedColumn(
    Column("parameters"), lambda draft, row: draft.data.effective("n_params", {"model": row.where["model"]})
)
"""How many parameters the model of a row has, as its engine said."""
