"""What a worker is told of a run: its settings as they are recorded, and the same typed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.design import Cell, Planned, Profile, Study
from harness.errors import StudyError
from harness.processes.json_lines import dump, load
from harness.protocols.run_spec import RunSpec, run_spec
from harness.studies import STUDIES

TR117: Study = STUDIES.load("tr117")


def spec_of_tr117(replicate: int = 0, **levels: str) -> RunSpec:
    chosen = {"model": "smollm2-135m-q4_1", "arm": "llama.cpp", "scenario": "dual_short", "precision": "gguf", **levels}
    (cell,) = (cell for cell in TR117.matrix("full").cells() if cell.settings == chosen)
    return run_spec(TR117, TR117.profile("quick"), Planned("r", cell, replicate, replicate, 0), "logs/r.engine")


def test_bundles_are_resolved_and_the_backend_is_always_recorded() -> None:
    spec = spec_of_tr117()
    assert spec.requested == {
        "model": "smollm2-135m-q4_1",
        "backend": "llama_cpp",
        "parallel": 4,
        "prompts": "short",
        "max_tokens": 16,
        "streams": 2,
        "num_ctx": 512,
        "threads": "all",
        "temperature": 0.0,
    }
    (server,) = spec.settings.servers
    assert (server.name, server.backend, server.model) == ("", "llama_cpp", "smollm2-135m-q4_1")
    assert server.engine == {"parallel": 4, "num_ctx": 512, "threads": "all"}
    assert load(RunSpec, dump(spec)) == spec


def test_the_cap_of_the_cell_comes_before_that_of_the_profile_and_of_the_workload() -> None:
    assert spec_of_tr117(scenario="long").max_tokens == 64
    study = replace(TR117, bundles=(), fixed=(("num_ctx", 512),))
    cell = Cell((("model", "m"), ("arm", "ollama"), ("scenario", "long"), ("precision", "gguf")))
    for profile, expected in ((Profile("p", 1, max_tokens=9), 9), (Profile("p", 1), TR117.workload.max_tokens)):
        assert run_spec(study, profile, Planned("r", cell, 0, 0, 0), "").max_tokens == expected


def test_the_first_replicate_is_scored_where_there_are_gates() -> None:
    assert [spec_of_tr117(replicate).scored for replicate in (0, 1)] == [True, False]


@pytest.mark.parametrize("asked", [True, False])
def test_the_conditions_of_a_cell_come_before_gates_and_metrics(asked: bool) -> None:
    study = replace(TR117, bundles=(), fixed=(("num_ctx", 512), ("accuracy", asked), ("memory_rates", asked)))
    cell = Cell((("model", "m"), ("arm", "llama.cpp"), ("scenario", "long"), ("precision", "gguf")))
    spec = run_spec(study, Profile("p", 1), Planned("r", cell, 0, 0, 0), "")
    assert (spec.scored, spec.reads_memory) == (asked, asked)
    assert set(spec.settings.servers[0].engine) == {"num_ctx", "arm", "scenario", "precision"}
    assert load(RunSpec, dump(spec)) == spec


def test_every_server_has_a_log_of_its_own() -> None:
    spec = spec_of_tr117()
    assert spec.engine_log("") == Path("logs/r.engine.log")
    assert spec.engine_log("a") == Path("logs/r.engine.a.log")
    assert replace(spec, engine_logs="").engine_log("a") is None


def test_a_study_without_a_model_says_so_with_its_name() -> None:
    study = replace(
        STUDIES.load("tr120"), factors=TR117.factors[1:2], fixed=(), profiles=(Profile("p", 1),), primaries=()
    )
    with pytest.raises(StudyError, match="study 'tr120': it names no model; add it as a factor or fix it"):
        run_spec(study, study.profile("p"), Planned("r", study.matrix("p").cells()[0], 0, 0, 0), "")
