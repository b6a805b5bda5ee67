"""Levels against their reference: the rows, and the columns beside them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.datasets.read import Dataset
from harness.errors import UnknownName
from hooks.analysis.contrasts import contrasts
from hooks.analysis.measurements import Measurements
from hooks.analysis.questions import ask
from hooks.content.blocks import Lit, Table
from hooks.recipes.contrasts import against_reference, every_setting, ratio, ratio_and_finding
from hooks.recipes.paired_levels import paired
from hooks.recipes.report_builder import Draft
from hooks.recipes.rows import rows
from hooks.recipes.tables import table
from hooks.values.value import Value
from tests.support.datasets import make_dataset, synthetic_study

MODELS = ("gemma-3-270m-q4_k_m", "smollm2-135m-q4_1")
PHASES = {"decode_tps": "decode", "ttft": "first token"}
NAMES = ("phase", "model", "threads")


def words(made: Table, columns: int) -> list[tuple[str, ...]]:
    return [tuple(c.text if isinstance(c, Lit | Value) else c for c in row[:columns]) for row in made.rows]


def test_each_level_stands_against_the_first_phase_by_phase(draft: Draft) -> None:
    found = against_reference(draft, PHASES, "threads", "model", NAMES, kinds={"threads": "setting"})
    table(found, "threads", "More threads", ratio_and_finding("ratio to one thread"))
    made = draft.content().tables["threads"]
    assert words(made, 3) == [(phase, model, "2") for phase in PHASES.values() for model in MODELS]
    assert {row[4] for row in made.rows} <= {"effect", "equivalent", "none found", "unknown"}
    (faster, _) = (one for one in found if one.metric == "decode_tps")
    (asked,) = contrasts(draft.data, "decode_tps", "threads", {"model": MODELS[0]})
    assert faster.contrast == asked
    assert faster.contrast.verdict == "effect"
    assert faster.names["reference"] == Lit("1", "setting")


def test_all_settings_stand_side_by_side(draft: Draft) -> None:
    found = every_setting(draft, ("decode_tps", "ttft"), per="model")
    changes = ["threads 2 ÷ 1"]
    assert [row.text("{model}: {change}") for row in found] == [f"{m}: {change}" for m in MODELS for change in changes]
    columns = ratio("decode", "decode_tps"), ratio("first token", "ttft")
    table(found, "settings", "What each setting changes", columns)
    for row, one in zip(draft.content().tables["settings"].rows, found, strict=True):
        assert row[2:] == tuple(one.contrasts[metric].ratio for metric in ("decode_tps", "ttft"))


def test_a_metric_that_was_not_compared_is_refused(draft: Draft) -> None:
    found = every_setting(draft, ("decode_tps",), per="model")
    with pytest.raises(UnknownName, match="unknown metric of these rows 'ttft'; choose one of: decode_tps"):
        table(found, "settings", "Settings", ratio("first token", "ttft"))
    with pytest.raises(UnknownName, match="unknown factor 'arm'"):
        against_reference(draft, PHASES, "arm", "model", NAMES)
    with pytest.raises(UnknownName, match="unknown level of 'num_gpu': '81'"):
        against_reference(draft, PHASES, "threads", "model", NAMES, where={"num_gpu": 81})


def test_a_level_without_a_pair_of_like_runs_has_no_row(tmp_path: Path) -> None:
    apart = (
        (("model", MODELS[0]), ("num_gpu", 0), ("threads", 2)),
        (("model", MODELS[0]), ("num_gpu", 80), ("threads", 1)),
    )
    study = replace(synthetic_study(), exclusions=apart)
    make_dataset(tmp_path, study=study, runs=1, requests=1)
    draft = Draft(Measurements(Dataset.open(tmp_path / "tr108" / "v1")), study)
    found = against_reference(draft, {"ttft": "first token"}, "threads", "model", NAMES)
    assert [row.where["model"] for row in found] == [MODELS[1]]


def test_two_levels_stand_beside_each_other_with_their_paired_ratio(draft: Draft) -> None:
    caption, headings = "What a second thread gains", ("one thread", "two threads", "gain")
    made = paired(rows(draft, "model"), "gain", caption, "decode_tps", "threads", {2: 1}, headings=headings)
    content = draft.content()
    assert [column.header for column in content.tables["gain"].columns] == [
        *("threads", "model", "one thread", "two threads", "gain", "finding", "minimum detectable ratio")
    ]
    assert len(made) == 2
    one, two = (draft.ask("decode_tps", {"model": MODELS[0], "threads": level}) for level in (1, 2))
    gain = content.findings["gain_2_gemma-3-270m-q4-k-m"]
    (asked,) = contrasts(draft.data, "decode_tps", "threads", {"model": MODELS[0]})
    assert gain == replace(asked.ratio, question=gain.question)
    assert content.tables["gain"].rows[0][2:5] == (one, two, gain)


def test_the_reference_of_a_contrast_can_be_chosen(draft: Draft) -> None:
    (back,) = contrasts(draft.data, "decode_tps", "threads", {"model": MODELS[0]}, reference=2)
    (forth,) = contrasts(draft.data, "decode_tps", "threads", {"model": MODELS[0]})
    assert (back.level, back.reference) == (1, 2)
    assert (back.ratio.number or 0) * (forth.ratio.number or 0) == pytest.approx(1)
    assert ask(draft.data, back.ratio.question) == back.ratio  # type: ignore[arg-type]


def test_a_level_of_a_pair_must_be_declared(draft: Draft) -> None:
    with pytest.raises(UnknownName, match="unknown level of 'threads': '3'"):
        paired(rows(draft, "model"), "gain", "Gain", "decode_tps", "threads", {2: 3}, headings=("one", "two", "gain"))
