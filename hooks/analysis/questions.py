"""How each kind of question is answered from a sealed dataset."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from harness.errors import UsageError

from ..values.questions import (
    BreakEven,
    Calibrated,
    Contrasted,
    Correlated,
    Counted,
    Detectable,
    Effective,
    Fitted,
    Flagged,
    Labelled,
    Moment,
    OfDataset,
    OfMetric,
    OfPrimary,
    Read,
    Slope,
    Spread,
)
from ..values.value import Value
from .break_even import answer_break_even
from .calibration import Instrument
from .contrasts import answer_contrast, answer_spread
from .fits import answer_fit
from .label_counts import count_labelled
from .laws import answer_law
from .measurements import Measurements
from .moments import answer_moment, answer_reading
from .primaries import answer_primary
from .validity_flags import count_flagged

ANSWERS: Mapping[type[OfDataset], Callable[[Measurements, Any], Value]] = {
    OfMetric: Measurements.of_metric,
    Counted: Measurements.counted,
    Effective: Measurements.reported_by_engine,
    Flagged: count_flagged,
    Labelled: lambda data, question: count_labelled(data.dataset, question),
    Calibrated: lambda data, question: Instrument(data.dataset).answer(question),
    Contrasted: answer_contrast,
    Detectable: answer_contrast,
    BreakEven: answer_break_even,
    Slope: answer_law,
    Correlated: answer_law,
    Fitted: answer_fit,
    OfPrimary: answer_primary,
    Moment: answer_moment,
    Read: answer_reading,
    Spread: answer_spread,
}


def ask(data: Measurements, question: OfDataset) -> Value:
    """The answer of a dataset to a question. Raises ``UsageError`` where the question is to another dataset."""
    if question.digest != data.dataset.digest:
        raise UsageError(f"the value was computed from another {question.dataset} than the one in this data folder")
    return ANSWERS[type(question)](data, question)
