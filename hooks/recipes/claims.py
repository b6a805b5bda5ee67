"""Claims about rows: a finding with the sentence that it decides, and which row is optimal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from harness.errors import UsageError
from harness.metrics import metric as metric_named

from ..analysis.contrasts import Contrast
from ..analysis.primaries import PrimaryResult, primary_results
from ..content.blocks import Lit
from ..text.naming import slug
from ..values.evidence import Level
from ..values.value import Value
from .contrasts import Effect
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
    been found, and where it cannot, why."""
    found = {"ratio": contrast.ratio, **(values or {}), "missed": contrast.detectable}
    if contrast.verdict == "unknown" and contrast.ratio.number is not None:
        units = "sessions" if draft.data.several_sessions else "blocks of runs"
        sentence = f"{sentence.removesuffix('.')} (too few {units} for an interval)."
    if contrast.verdict == "none found" and contrast.detectable.number is not None:
        sentence = f"{sentence.removesuffix('.')}{_MISSED}."
    claim(draft, claim_id, sentence, found, predicate, names=names)


def claim_primary(draft: Draft, claim_id: str, primary_id: str, sentence: str, predicate: str) -> None:
    """A claim about the ``ratio`` of a primary contrast, where the dataset was recorded with it: the answer that the
    study planned, corrected for all its primaries."""
    for found in primary_results(draft.data):
        if found.primary.id == primary_id:
            claim(draft, claim_id, sentence, {"ratio": found.ratio}, predicate)


def claim_equivalent(draft: Draft, claim_id: str, sentence: str, found: PrimaryResult, *, names: Names) -> None:
    """A claim that the test of a primary finds its levels equivalent; ``{margin}`` in the sentence is the sealed one.

    The interval of its ratio is that of the test of an effect, which leaves more open.
    """
    margin = f"{{{(found.primary.margin - 1) * 100:.3g}|threshold}} %"
    test = "by the planned test of equivalence, with a corrected p-value of {p}"
    said = f"{sentence.replace('{margin}', margin)}, {test}."
    draft.claim(claim_id, said, {"p": found.p_equivalent}, "p <= 0.05", names)


def claim_equivalence(over: Rows[Effect], metric_id: str, what: str, per: str) -> None:
    """For each row of every setting, that its level leaves ``what`` within a margin of five percent of the reference;
    ``per`` is the factor whose level each row keeps."""
    sentence = (
        f"{{level}} in place of {{reference}} for the {{factor}} leaves the {what} of {{{per}}} within"
        " {5|threshold} %: {ratio} {ratio.interval}."
    )
    study = over.draft.study
    for row in over:
        one = row.contrasts[metric_id]
        levels = {side: Lit(study.called(one.factor, level), "setting") for side, level in _sides(one)}
        name = f"no-difference-{slug(one.factor)}-{row.slug(per)}"
        named: Names = {**row.names, **levels, "factor": study.heading(one.factor)}
        over.draft.claim(name, sentence, {"ratio": one.ratio}, "ratio.low > 0.952 and ratio.high < 1.05", named)


def _sides(one: Contrast) -> tuple[tuple[str, Level], ...]:
    return ("level", one.level), ("reference", one.reference)


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
