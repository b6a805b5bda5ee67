"""The page of the coverage simulation: every share of the published figures, bound to its row."""

from __future__ import annotations

import json

import pytest

from hooks.pages.interval_coverage import PATH, _table, simulated
from hooks.rendering.page import Rendered
from tests.support.projects import ROOT

BODY = json.loads((ROOT / "docs" / "methodology" / "coverage.json").read_bytes())


def test_every_share_is_on_the_page_as_a_value(rendered: Rendered) -> None:
    page = rendered.pages[PATH]
    values = json.loads(page.assets["methodology/coverage/values.json"])["values"].values()
    named = {value["name"]: value for value in values}
    for row in BODY["rows"]:
        for part, share in (("found", row["share"]), ("printed", row["printed"])):
            value = named.pop(f"{row['procedure']}, {row['shape']}, {row['n']}, {part}")
            assert value["number"] == (None if share is None else pytest.approx(100 * share))
            assert (value["unit"], value["n"], value["status"]) == ("%", row["simulations"], "modelled")
            assert (value["missing"] is None) == (share is not None)
    assert list(named) == ["simulations a row"]
    assert named["simulations a row"]["number"] == BODY["simulations"]


def test_every_table_has_a_name_of_its_own() -> None:
    procedures = list(dict.fromkeys(row["procedure"] for row in BODY["rows"]))
    assert len({_table(one, []).name for one in procedures}) == len(procedures)


def test_shares_are_shown_in_per_cent_with_one_decimal() -> None:
    assert simulated("x", 0.957, 2000, "", share=True).text == "95.7\N{NO-BREAK SPACE}%"
    assert simulated("x", None, 0, "", share=True).text == "—"
