"""Questions to datasets that do not exist, for tests of what is done with values."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from hooks.values.questions import OfMetric, Question, question_record
from hooks.verify.reader.questions_json import StatedQuestion

_STATED: TypeAdapter[Any] = TypeAdapter(StatedQuestion)


def stated(question: Question) -> Any:
    """A question as the referee reads it."""
    return _STATED.validate_python(question_record(question))


def of_metric(metric: str = "ttft", dataset: str = "tr900/v1", **asked: Any) -> OfMetric:
    """A question about a metric; ``asked`` are further fields of it."""
    return OfMetric(**{"dataset": dataset, "digest": "0" * 64, "metric": metric, "version": 1, **asked})
