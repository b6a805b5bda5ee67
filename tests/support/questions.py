"""Questions to datasets that do not exist, for tests of what is done with values."""

from __future__ import annotations

from typing import Any

from hooks.values.questions import OfMetric


def of_metric(metric: str = "ttft", dataset: str = "tr900/v1", **asked: Any) -> OfMetric:
    """A question about a metric; ``asked`` are further fields of it."""
    return OfMetric(**{"dataset": dataset, "digest": "0" * 64, "metric": metric, "version": 1, **asked})
