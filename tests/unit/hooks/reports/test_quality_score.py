"""The quality score over seeds: its spread, and how many texts and scores the seeds of each model give."""

from __future__ import annotations

import pytest

from harness.errors import UsageError
from harness.metrics.definitions.agents.quality import quality
from harness.studies import STUDIES
from hooks.claims.evaluate import State
from hooks.content.blocks import Column, Content, Table, content_of
from hooks.recipes.row_labels import demand_literals
from hooks.reports.quality_score import compute_quality_score
from hooks.values.value import Value
from tests.support.agent_recordings import REPORTS, make_agents, report_of

STUDY = STUDIES.load("quality-score")
SEEDS = [int(level) for level in dict(STUDY.profile("quick").subset)["seed"]]


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return content_of(compute_quality_score(make_agents(tmp_path_factory.mktemp("score"), "quality-score")))


def numbers(content: Content, table: str, heading: str) -> list[float]:
    found = content.tables[table]
    place = [column.header for column in found.columns].index(heading)
    cells = [row[place] for row in found.rows]
    return [cell.number for cell in cells if isinstance(cell, Value) and cell.number is not None]


def test_the_spread_is_that_of_the_scores_of_all_seeds(content: Content) -> None:
    scores = sorted(quality(report_of({"seed": seed})) for seed in SEEDS)
    assert numbers(content, "spread", "lowest quality") == pytest.approx([scores[0]] * 2)
    assert numbers(content, "spread", "highest quality") == pytest.approx([scores[-1]] * 2)
    assert scores[0] < scores[-1]
    assert len(content.tables["seeds"].rows) == len(SEEDS) == 12


def test_texts_and_scores_are_counted_for_each_model(content: Content) -> None:
    claims = [claim for name, claim in content.claims.items() if name.startswith("texts-")]
    assert len(claims) == 2
    for claim in claims:
        assert claim.state is State.HOLDS
        assert f"12 runs give {REPORTS} different reports, which have {REPORTS} different quality scores" in claim.text
    assert [claim.text.split()[1] for claim in claims] == ["Gemma", "SmolLM2"]
    assert content.claims["reports-apart"].state is State.HOLDS


def test_a_header_that_is_a_level_is_declared_and_is_no_measurement(content: Content) -> None:
    _, *models = content.tables["seeds"].columns
    assert [(column.header, column.kind) for column in models] == [
        ("Gemma 3 270M", "setting"),
        ("SmolLM2 135M", "setting"),
    ]
    with pytest.raises(UsageError, match="9,000"):
        demand_literals(Table("t", "Waits", (Column("9,000 tok/s", kind="setting"),), ()))
