"""Asks a recording of a prompt-cache probe what was reused, and what that did to the first token."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

from harness.datasets.read import Dataset
from harness.studies import STUDIES

from ..analysis.measurements import Measurements
from ..content.blocks import Cell, Column, Lit, Table, content_record
from ..recipes.report_builder import Draft
from ..text.naming import level_text
from ..values.selector import Level

ASKED = "cache_prompt"


def compute_prompt_cache(folder: Path) -> dict[str, Any]:
    """A table of all cells and two claims: that a repeated prompt is reused, and that its first token comes sooner."""
    dataset = Dataset.open(folder)
    draft = Draft(Measurements(dataset), STUDIES.load(dataset.manifest.study))
    _table(draft)
    _claims(draft)
    made = draft.content()
    return content_record(made)


def _factors(draft: Draft) -> list[str]:
    design: Any = draft.data.dataset.manifest.design
    return [factor["name"] for factor in design["factors"]]


def _table(draft: Draft) -> None:
    data, factors = draft.data, _factors(draft)
    rows: list[tuple[Cell, ...]] = []
    for levels in product(*(data.levels(name) for name in factors)):
        where = dict(zip(factors, levels, strict=True))
        named = (Lit(level_text(level), "setting") for level in levels)
        found = (data.value(metric, where) for metric in ("prompt_tokens", "cache_hit_tokens", "ttft"))
        rows.append((*named, *found, data.count("runs", where)))
    unit = data.value("ttft").unit
    columns = (
        *(Column(name.replace("_", " ")) for name in factors),
        Column("prompt tokens"),
        Column("of which reused"),
        Column("first token", unit, "interval"),
        Column("runs"),
    )
    draft.table(Table("cells", "Prompts sent once and again", columns, tuple(rows)))


def _claims(draft: Draft) -> None:
    study = draft.data.dataset.manifest.study
    asked: dict[str, Level] = {ASKED: True} if ASKED in _factors(draft) else {}
    again, once = ({**asked, "prompt": level} for level in ("repeated", "unique"))
    reused = draft.finding("reused", draft.data.value("cache_hit_tokens", again))
    sentence = "Of a repeated prompt the engine reuses {reused}."
    draft.claim(f"{study}-reuses", sentence, {"reused": reused}, "reused.low > 0 tokens")
    ratio = draft.finding(
        "sooner", draft.data.value("ttft", again) / draft.data.value("ttft", once), "first token, repeated over unique"
    )
    sentence = (
        "The first token of a repeated prompt comes {ratio~1:later than|sooner than|neither later nor sooner than} that"
        " of one never seen: after {ratio} the time {ratio.interval}."
    )
    draft.claim(f"{study}-sooner", sentence, {"ratio": ratio}, "ratio.high < 1")
