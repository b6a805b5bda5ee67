"""TR122 on a synthetic recording with known effects: what its claims say, and what they must not."""

from __future__ import annotations

import pytest

from harness.datasets.read import Dataset
from hooks.analysis.measurements import Measurements
from hooks.claims.evaluate import State
from hooks.content.blocks import Content, Lit
from hooks.recipes.report_builder import Draft
from hooks.reports import compute
from hooks.values.value import Value
from tests.support.resources import LAYERS, make_resources, resources_study


@pytest.fixture(scope="module")
def tr122(tmp_path_factory: pytest.TempPathFactory) -> Content:
    folder = make_resources(tmp_path_factory.mktemp("resources"))
    draft = Draft(Measurements(Dataset.open(folder)), resources_study())
    compute("tr122")(draft)
    return draft.content()


def rows(found: Content, table: str) -> list[tuple[str, ...]]:
    return [
        tuple(cell.text if isinstance(cell, Lit | Value) else cell for cell in row) for row in found.tables[table].rows
    ]


def times(cell: str) -> float:
    return float(cell.removesuffix("×"))


def states(found: Content, begins: str) -> dict[str, State]:
    return {name: claim.state for name, claim in found.claims.items() if name.startswith(begins)}


def test_the_cache_follows_its_formula_and_a_window_ends_it(tr122: Content) -> None:
    laws = states(tr122, "law-")
    assert len(laws) == 9
    assert set(laws.values()) == {State.HOLDS}
    whole = {row[:3]: row[-1] for row in rows(tr122, "law")}
    assert times(whole["SmolLM2 135M", "1024", "an 8-bit key-value cache"]) == 1.0
    assert times(whole["Gemma 3 270M", "256", "the base"]) == 1.0
    assert times(whole["Gemma 3 270M", "2048", "the base"]) == pytest.approx(21 / 36, rel=0.01)


def test_a_longer_context_is_seen_in_time_and_in_memory(tr122: Content) -> None:
    assert set(states(tr122, "growth-").values()) == {State.HOLDS}
    drawn = tr122.figures["growth"].spec["datasets"]["shown"]
    assert {row["series"].partition(",")[0] for row in drawn} == {"step", "cache", "process"}


def test_what_costs_time_is_told_and_what_does_not_is_not(tr122: Content) -> None:
    costs = states(tr122, "cost-")
    assert costs["cost-one-thread-decode-step-256"] is State.HOLDS
    assert costs["cost-kv-q8-0-decode-step-1024"] is State.FAILS
    assert costs["cost-no-flash-attention-decode-step-1024"] is not State.HOLDS
    for name, state in costs.items():
        assert tr122.facts.flags[name.replace("-", "_")] is (state is State.HOLDS), "the guide lists those that hold"


def test_an_optimisation_gains_and_costs_neither_memory_nor_accuracy(tr122: Content) -> None:
    tuned = states(tr122, "tune-")
    assert tuned["tune-kv-q8-0-decode-step-1024"] is State.HOLDS
    assert not [name for name in tuned if "kv-q4-0" in name], "it does not pass the gate"
    gates = {row[0]: row[-1] for row in rows(tr122, "accuracy")}
    assert gates["an 8-bit key-value cache"] == "passes"
    assert gates["a 4-bit key-value cache"] != "passes"
    for name, state in tuned.items():
        ratio = tr122.claims[name].values["ratio"]
        assert ratio.interval is not None
        assert ratio.interval.high < 1, "of a change that is not shown to gain nothing is claimed"
        assert tr122.facts.flags[name.replace("-", "_")] is (state is State.HOLDS)


def test_telemetry_is_shown_to_cost_nothing_that_matters(tr122: Content) -> None:
    claim = tr122.claims["telemetry"]
    assert claim.state is State.HOLDS
    assert claim.values["overhead"].number == pytest.approx(0.2)
    assert tr122.claims["telemetry-cpu"].values["overhead"].number == pytest.approx(0.5, rel=1e-3)


def test_the_parts_of_a_pass_add_up(tr122: Content) -> None:
    assert set(states(tr122, "parts-").values()) == {State.HOLDS}
    (first, *_) = rows(tr122, "layers_decode")
    assert [float(cell.split()[0]) for cell in first[1 : len(LAYERS) + 1]] == list(LAYERS.values())


def test_what_was_provoked_is_told(tr122: Content) -> None:
    assert tr122.claims["competitor-noticed"].state is State.HOLDS
    ends = {row[0]: row[1:] for row in rows(tr122, "ends")}
    assert ends == {
        "a long prompt": ("0", "0", "0", "40"),
        "a long output": ("0", "40", "0", "0"),
        "a long output and shifted context": ("0", "0", "40", "0"),
    }
    limits = {row[0]: row[1:] for row in rows(tr122, "limits")}
    assert limits["a memory limit and copied weights"] == ("failed", "out of memory", "8")
    assert limits["a memory limit and mapped weights"][0] == "ok"
