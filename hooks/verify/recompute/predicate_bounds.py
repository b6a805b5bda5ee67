"""What a predicate may ask of a stated value, and which values are known without error."""

from __future__ import annotations

from collections.abc import Mapping

from ..reader.questions_json import StatedPrimary, StatedQuestion
from ..reader.values_json import StatedValue
from .derivation import PREDICT
from .predicate import Ends
from .questions import KINDS

Values = Mapping[str, StatedValue]


def ends(key: str, values: Values) -> Ends:
    """The ends of a value in base units: an exact number has itself at both."""
    value = values[key]
    if exact(key, values) and value.number is not None:
        return Ends(value.number * value.scale, value.number * value.scale, value.n)
    if value.interval is None:
        return Ends(None, None, value.n)
    return Ends(value.interval.low * value.scale, value.interval.high * value.scale, value.n)


def exact(key: str, values: Values) -> bool:
    """Whether a value is a count, a setting, a quoted figure, a p-value, or computed from such alone.

    A prediction never is.
    """
    value = values[key]
    if value.interval is not None or value.operation == PREDICT:
        return False
    if value.parents:
        return all(parent in values and exact(parent, values) for parent in value.parents)
    return exact_answer(value.question) if value.question else value.operation in ("constant", "cited")


def exact_answer(question: StatedQuestion) -> bool:
    """Whether the answer to a question is known without error, as a p-value is."""
    p_value = isinstance(question, StatedPrimary) and question.of in ("p_effect", "p_equivalent")
    return p_value or KINDS[question.kind].exact
