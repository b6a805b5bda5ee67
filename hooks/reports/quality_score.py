"""Asks a recording of the quality-score study how the score is spread over seeds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harness.datasets.read import Dataset
from harness.studies import STUDIES
from harness.units import PERCENT

from ..analysis.measurements import Measurements
from ..content.blocks import content_record
from ..recipes.agents.heat import heat
from ..recipes.agents.reports import SCORE, claim_apart, different
from ..recipes.columns import RUNS, column, metric
from ..recipes.module_errors import located
from ..recipes.report_builder import Draft
from ..recipes.rows import Row, rows
from ..recipes.tables import table
from ..values.value import Value

KINDS = {"model": "setting", "seed": "setting"}
BY_MODEL = "With {model} {runs} runs give {texts} different reports, which have {scores} different quality scores."


def compute_quality_score(folder: Path) -> dict[str, Any]:
    """The spread of each model, the score of each seed, and whether the score tells the texts apart."""
    dataset = Dataset.open(folder)
    draft = Draft(Measurements(dataset), STUDIES.load(dataset.manifest.study))
    with located(Path(__file__)):
        models = rows(draft, "model", kinds=KINDS).ended("ok")
        ends = column("lowest quality", _lowest, PERCENT), column("highest quality", _highest, PERCENT)
        table(models, "spread", "Quality of the reports over seeds", ends[0], metric(SCORE, "quality"), ends[1])
        table(models, "texts", "Different reports over seeds", *different(), RUNS)
        heat(rows(draft, "seed", kinds=KINDS).ended("ok"), "seeds", "The quality score of each seed", SCORE, "model")
        claim_apart(draft)
        for row in models:
            _claim_texts(draft, row)
        return content_record(draft.content())


def _by_score(draft: Draft, row: Row) -> list[Value]:
    """The score of each seed, the lowest first; that of all, which is missing, where no seed has one."""
    asked = (draft.ask(SCORE, {**row.where, "seed": seed}) for seed in draft.data.levels("seed"))
    scores = [value for value in asked if value.number is not None]
    return sorted(scores, key=lambda value: value.number or 0) or [draft.ask(SCORE, row.where)]


def _lowest(draft: Draft, row: Row) -> Value:
    return _by_score(draft, row)[0]


def _highest(draft: Draft, row: Row) -> Value:
    return _by_score(draft, row)[-1]


def _claim_texts(draft: Draft, model: Row) -> None:
    counted = {of: draft.data.count(of, model.where) for of in ("runs", "texts", "scores")}
    found = {name: value.number or 0 for name, value in counted.items()}
    texts = "texts == runs" if found["texts"] == found["runs"] else "texts < runs"
    scores = "scores == texts" if found["scores"] == found["texts"] else "scores < texts"
    draft.claim(f"texts-{model.slug('model')}", BY_MODEL, counted, f"{texts} and {scores}", model.names)
