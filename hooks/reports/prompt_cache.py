"""Asks a recording of a prompt-cache probe what was reused, and what that did to the first token."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harness.datasets.read import Dataset
from harness.studies import STUDIES

from ..analysis.measurements import Measurements
from ..content.blocks import content_record
from ..recipes.columns import RUNS, count, metric
from ..recipes.module_errors import located
from ..recipes.report_builder import Draft
from ..recipes.rows import rows
from ..recipes.tables import table

ASKED = "cache_prompt"


def compute_prompt_cache(folder: Path) -> dict[str, Any]:
    """A table of all cells and two claims: that a repeated prompt is reused, and that its first token comes sooner."""
    dataset = Dataset.open(folder)
    draft = Draft(Measurements(dataset), STUDIES.load(dataset.manifest.study))
    with located(Path(__file__)):
        design: Any = dataset.manifest.design
        factors = [factor["name"] for factor in design["factors"]]
        cells = rows(draft, *factors, kinds=dict.fromkeys(factors, "setting"))
        reused = count("prompt_tokens", "prompt tokens"), count("cache_hit_tokens", "of which reused")
        table(cells, "cells", "Prompts sent once and again", reused, metric("ttft", "first token"), RUNS)
        _claims(draft, {ASKED: True} if ASKED in factors else {})
        return content_record(draft.content())


def _claims(draft: Draft, asked: dict[str, bool]) -> None:
    study = draft.data.dataset.manifest.study
    again, once = ({**asked, "prompt": level} for level in ("repeated", "unique"))
    reused = draft.finding("reused", draft.ask("cache_hit_tokens", again))
    sentence = "Of a repeated prompt the engine reuses {reused}."
    draft.claim(f"{study}-reuses", sentence, {"reused": reused}, "reused.low > 0 tokens")
    meaning = "first token, repeated over unique"
    ratio = draft.finding("sooner", draft.ask("ttft", again) / draft.ask("ttft", once), meaning)
    sentence = (
        "The first token of a repeated prompt comes {ratio~1:later than|sooner than|neither later nor sooner than} that"
        " of one never seen: after {ratio} the time {ratio.interval}."
    )
    draft.claim(f"{study}-sooner", sentence, {"ratio": ratio}, "ratio.high < 1")
