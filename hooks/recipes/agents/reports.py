"""Whether the quality score tells the reports of a dataset apart, and how it is spread over those of each row."""

from __future__ import annotations

from ...values.questions.counts import Countable
from ..columns import AskedColumn, column, metric
from ..report_builder import Draft
from ..rows import Row, Rows
from ..tables import table

SCORE = "report_quality"
ONE_TEXT = (
    "All tasks of this dataset wrote one and the same report, as {texts} text and {scores} score: nothing shows whether"
    " the quality score tells texts apart, and it has no distribution."
)
TOO_COARSE = (
    "The quality score cannot tell all reports of this dataset apart: it has {scores} different values for {texts}"
    " different texts."
)
APART = "The quality score tells the reports of this dataset apart: its {scores} different values are of {texts} texts."


def claim_apart(draft: Draft) -> None:
    """Whether different reports have different scores, over all tasks; by its words where there is but one report."""
    texts, scores = draft.data.count("texts"), draft.data.count("scores")
    sentence, predicate = APART, "scores == texts"
    if texts.number == 1:
        sentence, predicate = ONE_TEXT, "texts == 1 and scores == 1"
    elif (scores.number or 0) < (texts.number or 0):
        sentence, predicate = TOO_COARSE, "scores < texts"
    draft.claim("reports-apart", sentence, {"texts": texts, "scores": scores}, predicate)


def reports(over: Rows[Row]) -> None:
    """The quality of the reports of each row, from the lowest of a run to the largest, and how many different texts and
    scores there are."""
    ends = [
        metric(SCORE, f"{end} quality of a run", within=within)
        for end, within in (("lowest", "min"), ("largest", "max"))
    ]
    table(over, "reports", "How good the reports are", *ends, different())
    claim_apart(over.draft)


def different() -> tuple[AskedColumn[Row], ...]:
    """How many different texts and scores the reports of each row have."""
    return _different("texts"), _different("scores")


def _different(of: Countable) -> AskedColumn[Row]:
    return column(f"different {of}", lambda draft, row: draft.data.count(of, row.where))
