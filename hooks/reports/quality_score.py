"""Asks a recording of the quality-score study how the score is spread over seeds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harness.datasets.read import Dataset
from harness.studies import STUDIES

from ..analysis.measurements import Measurements
from ..content.blocks import content_record
from ..recipes.agents.heat import heat
from ..recipes.agents.reports import SCORE, claim_apart, different
from ..recipes.columns import RUNS, metric
from ..recipes.module_errors import located
from ..recipes.report_builder import Draft
from ..recipes.rows import Row, rows
from ..recipes.tables import table

KINDS = {"model": "setting", "seed": "setting"}
SPREAD = "With {model} the quality of a report depends on the seed: it lies between {lowest} and {largest}."
ALIKE = "With {model} the quality of a report does not depend on the seed: it is {lowest} and {largest}."


def compute_quality_score(folder: Path) -> dict[str, Any]:
    """The spread of each model, the score of each seed, and whether the score tells the texts apart."""
    dataset = Dataset.open(folder)
    draft = Draft(Measurements(dataset), STUDIES.load(dataset.manifest.study))
    with located(Path(__file__)):
        models = rows(draft, "model", kinds=KINDS).ended("ok")
        ends = metric(SCORE, "lowest quality", across="min"), metric(SCORE, "largest quality", across="max")
        table(models, "spread", "The quality score over seeds", ends[0], metric(SCORE, "quality"), ends[1])
        table(models, "texts", "Texts and scores over seeds", different(), RUNS)
        heat(rows(draft, "seed", kinds=KINDS).ended("ok"), "seeds", "The quality score of each seed", SCORE, "model")
        claim_apart(draft)
        for row in models:
            _claim_spread(draft, row)
        return content_record(draft.content())


def _claim_spread(draft: Draft, row: Row) -> None:
    lowest, largest = (draft.ask(SCORE, row.where, across=end) for end in ("min", "max"))
    differ = (lowest.number or 0) < (largest.number or 0)
    sentence, predicate = (SPREAD, "lowest < largest") if differ else (ALIKE, "lowest == largest")
    claim_id = f"seeds-{row.slug('model')}"
    draft.claim(claim_id, sentence, {"lowest": lowest, "largest": largest}, predicate, row.names)
