"""Designs: what is crossed, excluded, ordered and fingerprinted."""

import dataclasses
import json
from pathlib import Path

import pytest

from harness.canonical_json import canonical_json
from harness.design import (
    Bundle,
    Cell,
    Factor,
    Gate,
    Matrix,
    Profile,
    Prompt,
    Scenario,
    Study,
    Workload,
    level_key,
    measured,
    measured_digest,
    plan,
)
from harness.errors import StudyError, UnknownName
from harness.studies import STUDIES

DATA = Path(__file__).resolve().parents[4] / "data"


def study(**changes: object) -> Study:
    base = Study(
        id="demo",
        title="Demo",
        question="?",
        backend="llama_cpp",
        factors=(Factor("threads", ("1", "2", "all")), Factor("temperature", (0.2, 0.8))),
        workload=Workload((Prompt("p", "Hello there"),), max_tokens=4),
        profiles=(Profile("smoke", 2, (("threads", ("1",)),)), Profile("full", 3)),
        metrics=("ttft",),
    )
    return dataclasses.replace(base, **changes)  # type: ignore[arg-type]


ARMS = (
    Bundle("threads", "1", (("backend", "pytorch"), ("cores", 1))),
    Bundle("threads", "2", (("cores", 2),)),
    Bundle("threads", "all", (("cores", 4),)),
)


LOADS = (Bundle("load", "one", ()), Bundle("load", "bad", (("clients", 5),)))


def test_a_bundled_level_is_replaced_by_what_it_stands_for() -> None:
    bundled = study(bundles=ARMS, fixed=(("model", "m"),))
    cell = Cell((("threads", "1"), ("temperature", 0.8)))
    assert bundled.settings(cell) == {"model": "m", "temperature": 0.8, "backend": "pytorch", "cores": 1}
    assert study().settings(cell) == {"threads": "1", "temperature": 0.8}


def test_a_matrix_is_the_crossed_levels() -> None:
    assert len(study().matrix("full").cells()) == 6


def test_a_profile_narrows_and_only_narrows_further() -> None:
    assert len(study().matrix("smoke").cells()) == 2
    cells = study().matrix("full", {"temperature": (0.8,)}).cells()
    assert {cell.settings["temperature"] for cell in cells} == {0.8}


def test_an_exclusion_removes_exactly_its_cells() -> None:
    matrix = Matrix((Factor("a", (1, 2)), Factor("b", (1, 2))), ((("a", 1), ("b", 2)),))
    assert [dict(c.levels) for c in matrix.cells()] == [{"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 2, "b": 2}]


def test_levels_of_different_types_stay_distinct() -> None:
    assert len({level_key(v) for v in (1, 1.0, True, "1")}) == 4
    assert Factor("numbers", (1, 2.5)).levels == (1, 2.5)
    with pytest.raises(StudyError, match="mixes types of levels"):
        Factor("mixed", (1, "all"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"factors": (Factor("a", (1,)), Factor("a", (2,)))}, "declares the factor 'a' twice"),
        ({"fixed": (("threads", 1),)}, "both varies and fixes threads"),
        ({"profiles": (Profile("smoke", 0),)}, "has no runs"),
        ({"profiles": (Profile("smoke", 1, (("threads", ("7",)),)),)}, 'has no level "7"'),
        ({"exclusions": ((("threads", "9"),),)}, 'has no level "9"'),
        ({"bundles": (Bundle("threads", "1", (("a", 1),)),)}, "each level of 'threads' one bundle"),
        ({"bundles": (Bundle("threads", "1", (("temperature", 1.0),)),)}, "sets temperature in the bundle"),
        ({"bundles": (Bundle("arm", "x", ()),)}, "arm"),
        ({"exclusions": tuple((("threads", t),) for t in ("1", "2", "all"))}, "the matrix is empty"),
        ({"scenario": Scenario.SERVER}, "'demo' calls itself server, but its load is single-stream"),
        ({"fixed": (("streams", 0),)}, "study 'demo': streams is 0"),
        ({"fixed": (("servr.a.x", 2),)}, "study 'demo': the setting servr.a.x has the scope 'servr'"),
        ({"fixed": (("load.streem", 2),)}, "study 'demo': a closed loop has no setting streem"),
        ({"fixed": (("prompts", "long"),)}, "'demo' asks for the prompts 'long'; its workload has the groups"),
        ({"fixed": (("cold", "long"),)}, "'demo' asks for the prompts 'long'; its workload has the groups"),
        (
            {"bundles": LOADS, "factors": (Factor("load", ("one", "bad")),), "profiles": (Profile("f", 1),)},
            "clients is 5",
        ),
    ],
)
def test_an_invalid_study_says_what_to_correct(changes: dict[str, object], message: str) -> None:
    with pytest.raises((StudyError, UnknownName), match=message):
        study(**changes)


def test_duplicate_and_missing_levels_are_refused() -> None:
    with pytest.raises(StudyError, match="has the level 2 twice"):
        Factor("a", (2, 1, 2))
    with pytest.raises(StudyError, match="has no levels"):
        Factor("a", ())


@pytest.mark.parametrize("name", ["engine", "block", "host"])
def test_a_factor_with_the_name_of_a_column_of_the_runs_is_refused(name: str) -> None:
    with pytest.raises(StudyError, match=f"factor '{name}' has the name of a column of every run; rename it"):
        Factor(name, (1, 2))


def test_unknown_names_list_the_known_ones() -> None:
    with pytest.raises(UnknownName, match="choose one of: full, smoke"):
        study().profile("huge")
    with pytest.raises(UnknownName, match="choose one of: temperature, threads"):
        study().factor("gpu")


def test_prose_does_not_change_the_fingerprint_and_everything_measured_does() -> None:
    base = study().fingerprint()
    assert study(title="Other", question="Why?", scope=("later",)).fingerprint() == base
    changes: list[dict[str, object]] = [
        {"id": "other"},
        {"backend": "ollama"},
        {"fixed": (("streams", 2),)},
        {"factors": (Factor("threads", ("1", "2", "all")), Factor("temperature", (0.2, 0.9)))},
        {"workload": Workload((Prompt("p", "Hello here"),), max_tokens=4)},
        {"workload": Workload((Prompt("p", "Hello there"),), max_tokens=5)},
        {"profiles": (Profile("smoke", 3, (("threads", ("1",)),)), Profile("full", 3))},
        {"exclusions": ((("threads", "1"),),), "profiles": (Profile("full", 3),)},
        {"fixed": (("num_ctx", 512),)},
        {"metrics": ("tpot",)},
        {"workload": Workload((Prompt("p", "Hello there", "short"),), max_tokens=4)},
        {"bundles": ARMS},
        {"gates": (Gate("bf16", 1.02, 0.8),)},
        {"order_seed": 7},
    ]
    prints = [study(**change).fingerprint() for change in changes]
    assert base not in prints
    assert len(set(prints)) == len(prints)


def test_a_limit_of_logits_is_sealed_and_changes_no_run() -> None:
    gated, limited = (study(gates=(Gate("fp32", 1.01, 99.0, *limit),)).canonical() for limit in ((), (0.001,)))
    assert "logit_limits" not in gated
    assert limited["logit_limits"] == {"fp32": 0.001}
    assert measured_digest(limited) == measured_digest(gated)


def test_the_scenarios_of_a_study_are_those_of_its_cells() -> None:
    assert study().canonical()["scenario"] == "single-stream"
    varied = study(factors=(Factor("streams", (1, 4)),), profiles=(Profile("full", 3),))
    assert varied.scenarios == (Scenario.SINGLE_STREAM, Scenario.MULTI_STREAM)
    assert varied.canonical()["scenario"] == "single-stream and multi-stream"
    assert dataclasses.replace(varied, scenario=Scenario.MULTI_STREAM).canonical()["scenario"] == "multi-stream"
    narrow = study(factors=(Factor("streams", (1, 4)),), profiles=(Profile("f", 3),), exclusions=((("streams", 1),),))
    assert narrow.scenarios == (Scenario.MULTI_STREAM,)


def test_the_settings_of_a_cell_are_typed_with_the_study_s_name_in_errors() -> None:
    cell = study().matrix("full").cells()[0]
    with pytest.raises(StudyError, match="study 'demo': it names no model"):
        study().run_settings(cell)
    assert study(fixed=(("model", "m"),)).run_settings(cell).servers[0].engine == {"threads": "1"}


@pytest.mark.parametrize("path", sorted(DATA.glob("*/[rv]*/manifest.json")), ids=lambda path: str(path.parent))
def test_what_was_recorded_is_still_declared_in_the_same_words(path: Path) -> None:
    sealed = json.loads(path.read_bytes())
    if "design" not in sealed or sealed["study"] not in STUDIES:
        pytest.skip("it lists recordings, or its study is gone")
    declared = json.loads(canonical_json(STUDIES.load(sealed["study"]).canonical()))
    design = sealed["design"]
    recordings = list(path.parent.parent.glob("r*/manifest.json"))
    newest = json.loads(max(recordings, default=path).read_bytes())["design"]
    if measured(newest) != measured(design):
        pytest.skip("a later recording measured something else")
    kept = {name: declared.get(name) for name in design}
    kept["metrics"] = [metric for metric in kept["metrics"] if metric in design["metrics"]]  # more may be asked later
    assert canonical_json(kept) == canonical_json(design)


def test_each_block_holds_every_cell_once_in_its_own_order() -> None:
    cells = study().matrix("full").cells()
    planned = plan(cells, runs=8, seed=1)
    blocks = [[p.cell for p in planned if p.block == b] for b in range(8)]
    assert all(set(block) == set(cells) for block in blocks)
    assert len({tuple(c.id for c in block) for block in blocks}) > 1
    assert [p.position for p in planned] == list(range(len(planned)))
    assert len({p.run_id for p in planned}) == len(planned)


def test_the_plan_depends_on_the_seed_alone() -> None:
    cells = study().matrix("full").cells()
    assert plan(cells, 3, 1) == plan(tuple(reversed(cells)), 3, 1)
    assert plan(cells, 3, 1) != plan(cells, 3, 2)


def test_a_cell_is_identified_by_its_levels() -> None:
    assert Cell((("a", 1),)).id != Cell((("a", 1.0),)).id
    assert Cell((("a", 1), ("b", 2))).id == Cell((("b", 2), ("a", 1))).id
