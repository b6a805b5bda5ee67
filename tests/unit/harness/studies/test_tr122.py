"""TR122: one change at a time, prompts that fit their contexts, and conditions that only some runs have."""

from __future__ import annotations

import pytest

from harness.design import plan
from harness.execution.settings_check import check_settings
from harness.protocols.run_spec import RunSpec, run_spec
from harness.studies import RECORDED, STUDIES

STUDY = STUDIES.load("tr122")


def specs() -> dict[tuple[str, int, str], RunSpec]:
    profile = STUDY.profile("quick")
    planned = plan(STUDY.matrix("quick").cells(), 1, STUDY.order_seed)
    found = {}
    for one in planned:
        where = one.cell.settings
        found[str(where["model"])[:5], int(where["context"]), str(where["change"])] = run_spec(STUDY, profile, one, "")
    return found


SPECS = specs()


@pytest.mark.parametrize("profile", ["smoke", "quick", "full"])
def test_every_setting_is_known(profile: str) -> None:
    check_settings(STUDY, STUDY.matrix(profile).cells())


def test_every_change_has_a_run_beside_the_base() -> None:
    changes = {change for model, context, change in SPECS if (model, context) == ("smoll", 256)}
    assert changes == set(STUDY.factor("change").levels)


def test_accuracy_is_asked_where_the_context_is_smallest() -> None:
    scored = {place for place, spec in SPECS.items() if spec.scored}
    assert {context for _, context, _ in scored} == {256}
    assert {model for model, _, _ in scored} == {"smoll"}
    assert {"base", "kv-q8_0", "kv-q4_0", "no-flash-attention", "small-batch"} <= {change for _, _, change in scored}


def test_one_load_competes_and_one_run_is_watched_by_turns() -> None:
    competing = {change for (_, _, change), spec in SPECS.items() if spec.settings.conditions.competing}
    alternating = {
        change for (_, _, change), spec in SPECS.items() if spec.settings.conditions.telemetry == "alternating"
    }
    assert (competing, alternating) == ({"competing-load"}, {"telemetry"})


def test_prompts_of_pairs_are_alike() -> None:
    pairs = [prompt.text for prompt in STUDY.workload.prompts if prompt.group == "pairs"]
    assert len(pairs) % 2 == 0
    assert len(set(pairs)) == 1


def test_a_session_records_it() -> None:
    assert "tr122" in RECORDED
