"""Factors without effect: told by what the engine used, never by their labels."""

from __future__ import annotations

from hooks.content.blocks import Lit
from hooks.recipes.report_builder import Draft
from hooks.recipes.same_configuration import same_configuration


def test_a_factor_whose_levels_were_one_configuration(draft: Draft) -> None:
    (found,) = same_configuration(draft, "alike", "Alike", "decode_tps", "decode speed")
    assert (found.factor, found.levels, found.setting) == ("num_gpu", "0, 80", "layers_offloaded")
    assert found.names == {"levels": Lit("0, 80", "setting")}
    content = draft.content()
    assert content.facts.no_effect == ("num_gpu",)
    assert content.findings["used_num-gpu"] == found.used
    table = content.tables["alike"]
    assert table.columns[4].header == "A/A test of decode speed"
    assert table.rows[0][3:] == (found.used, "no difference found")
