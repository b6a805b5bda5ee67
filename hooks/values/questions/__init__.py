"""The question that a value answers: a closed union of kinds, each with what it asks, how exact its answer is, its JSON
record and its words.

A kind is a class here, a way to answer in ``analysis/questions.py``, and another one, written apart, in the referee.
"""

from __future__ import annotations

from typing import Annotated, Any, get_args

from pydantic import Field, TypeAdapter

from .axes import Axis, LevelAxis, MetricAxis, SettingAxis
from .base import Filters, OfDataset, QuestionKind
from .contrasts import BreakEven, Contrasted, Detectable, PairedQuestion
from .counts import Counted, Flagged, Labelled
from .fits import Fitted
from .input import Input
from .laws import Correlated, Slope
from .moments import Moment
from .of_metric import MetricQuestion, OfMetric
from .primaries import OfPrimary
from .readings import Read
from .reported import Calibrated, Effective
from .spreads import Spread

_AnyKind = (
    OfMetric
    | Counted
    | Effective
    | Flagged
    | Labelled
    | Calibrated
    | Contrasted
    | Detectable
    | BreakEven
    | Slope
    | Correlated
    | Fitted
    | OfPrimary
    | Moment
    | Read
    | Spread
    | Input
)
Question = Annotated[_AnyKind, Field(discriminator="kind")]
KINDS: tuple[type[Question], ...] = get_args(_AnyKind)

_ADAPTER: TypeAdapter[Question] = TypeAdapter(Question)


def question_record(question: Question) -> dict[str, Any]:
    """A question as ``values.json`` shows it."""
    record: dict[str, Any] = _ADAPTER.dump_python(question, mode="json")
    return record


def question_of(record: Any) -> Question:
    """The question that ``question_record`` described. Raises ``ValueError`` for anything else."""
    return _ADAPTER.validate_python(record)


__all__ = [
    "KINDS",
    "Axis",
    "BreakEven",
    "Calibrated",
    "Contrasted",
    "Correlated",
    "Counted",
    "Detectable",
    "Effective",
    "Filters",
    "Fitted",
    "Flagged",
    "Input",
    "Labelled",
    "LevelAxis",
    "MetricAxis",
    "MetricQuestion",
    "Moment",
    "OfDataset",
    "OfMetric",
    "OfPrimary",
    "PairedQuestion",
    "Question",
    "QuestionKind",
    "Read",
    "SettingAxis",
    "Slope",
    "Spread",
    "question_of",
    "question_record",
]
