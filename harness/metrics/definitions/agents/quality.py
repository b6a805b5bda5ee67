"""How good a report is, by a formula that anybody can apply; it compares reports and judges no model.

The weights are published with the definition: half for speaking of what the corpus holds, three tenths for not
repeating itself, two tenths for ending a sentence.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa

from ....outcomes import Missing
from ....units import PERCENT
from ...columns import usable
from ...definition import Evaluated, TaskMetric, evaluated

GROUNDED, DISTINCT, COMPLETE = 0.5, 0.3, 0.2
SUBJECTS = (
    "file", "csv", "json", "column", "row", "request", "token", "ttft", "connect", "engine", "benchmark", "latency",
    "model", "setting", "time",
)  # fmt: skip
"""Words of what the corpus is about, in the singular; three different ones are enough."""

_ENOUGH = 3
_WORD = re.compile(r"[a-z]+")
_END = re.compile(r"[.!?][\"')*\s]*\Z")


def quality(text: str) -> float:
    """The quality of one report, percent; a report without words has none."""
    words = _WORD.findall(text.lower())
    if not words:
        return 0.0
    said = {subject for subject in SUBJECTS if subject in words or f"{subject}s" in words}
    grounded = min(1.0, len(said) / _ENOUGH)
    distinct = len(set(words)) / len(words)
    return 100 * (GROUNDED * grounded + DISTINCT * distinct + COMPLETE * bool(_END.search(text)))


def report_quality(tasks: pa.Table) -> Evaluated:
    """The quality of each task's report, shape ``(tasks,)``, percent."""
    values = np.array([quality(text or "") for text in tasks["text"].to_pylist()], np.float64)
    return evaluated(values, (~usable(tasks["outcome"]), Missing.TASK_FAILED))


REPORT_QUALITY = TaskMetric(
    id="report_quality",
    name="quality score of a report",
    unit=PERCENT,
    formula=(
        "0.5 × min(1, subjects of the corpus named / 3) + 0.3 × different words / words + 0.2 where it ends a sentence"
    ),
    applicability="tasks of agents that ended usably",
    higher_is_better=True,
    compute=report_quality,
)
