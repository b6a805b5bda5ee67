"""Claims about rows: a finding with the sentence that it decides, and which row is optimal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from harness.errors import UsageError
from harness.metrics import metric as metric_named

from ..analysis.contrasts import Contrast
from ..values.value import Value
from .report_builder import Draft
from .rows import Row, Rows
from .sentence_names import Names

R = TypeVar("R", bound=Row)
FASTER = "{ratio~1:slower than|faster than|not shown to differ from}"
"""What the ratio of two times says: the comparative that its interval supports."""
TIMES = "{ratio} the time {ratio.interval}"
"""That ratio as part of a sentence."""
_MISSED = "; the minimum detectable ratio is {missed}"


def claim(
    draft: Draft,
    claim_id: str,
    sentence: str,
    values: Mapping[str, Value],
    predicate: str,
    *,
    meaning: str = "",
    names: Names | None = None,
) -> None:
    """A claim whose first value becomes the finding of its name (``fast-start``: ``v.fast_start``), with the definition
    ``meaning`` where it is combined. ``{arm}`` in the sentence is the name ``arm``, such as one of a row."""
    (first, value), *rest = values.items()
    kept = draft.finding(claim_id.replace("-", "_"), value, meaning)
    draft.claim(claim_id, sentence, {first: kept, **dict(rest)}, predicate, names)


def claim_effect(
    draft: Draft,
    claim_id: str,
    sentence: str,
    contrast: Contrast,
    predicate: str = "ratio.high < 1",
    *,
    values: Mapping[str, Value] | None = None,
    names: Names | None = None,
) -> None:
    """A claim about the ``ratio`` of a contrast. Where it shows no effect, the sentence says how large a one would have
    been found."""
    found = {"ratio": contrast.ratio, **(values or {}), "missed": contrast.detectable}
    if contrast.verdict == "none found" and contrast.detectable.number is not None:
        sentence = f"{sentence.removesuffix('.')}{_MISSED}."
    claim(draft, claim_id, sentence, found, predicate, names=names)


def rank(over: Rows[R], claim_id: str, what: str, metric_id: str, label: str) -> None:
    """Which row is optimal for a metric, where at least two have a number.

    ``what`` completes "optimal for"; ``label``, such as ``{arm} {precision}``, names the rows. Raises ``UnknownName``,
    and ``UsageError`` for a metric of which neither direction is better.
    """
    draft, better = over.draft, metric_named(metric_id).higher_is_better
    if better is None:
        raise UsageError(f"ranking {claim_id!r}: neither a high nor a low {metric_id!r} is better; rank another metric")
    found = {row.text(label): draft.ask(metric_id, row.where) for row in over}
    present = {name: value for name, value in found.items() if value.number is not None}
    if len(present) > 1:
        draft.ranking(claim_id, what, present, higher_is_better=better)
