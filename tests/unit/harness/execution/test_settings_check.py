"""A setting that no run could have stops a study before anything is recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.design import Bundle, Factor, Profile, Prompt, Study, Value, Workload
from harness.errors import StudyError, UnknownName, UsageError
from harness.execution.executor import execute
from harness.execution.recording_session import Session
from harness.execution.settings_check import check_settings
from harness.studies import STUDIES


def study(factor: Factor | None = None, bundles: tuple[Bundle, ...] = (), **fixed: Value) -> Study:
    return Study(
        id="mine",
        title="Mine",
        question="?",
        backend="llama_cpp",
        factors=(factor or Factor("num_ctx", (256, 512)),),
        workload=Workload((Prompt("p", "Hello there"),), max_tokens=4),
        profiles=(Profile("smoke", 1),),
        metrics=("ttft",),
        bundles=bundles,
        fixed=(("model", "smollm2-135m-q4_1"), *((name.replace("__", "."), value) for name, value in fixed.items())),
    )


def check(found: Study) -> None:
    check_settings(found, found.matrix("smoke").cells())


ARMS = Factor("arm", ("served", "in-process"))
ENGINES = (
    Bundle("arm", "served", (("backend", "llama_cpp"), ("parallel", 4))),
    Bundle("arm", "in-process", (("backend", "pytorch"), ("compile", "default"))),
)


@pytest.mark.parametrize("name", sorted(STUDIES))
def test_every_declared_study_passes(name: str) -> None:
    found = STUDIES.load(name)
    check_settings(found, found.matrix("full").cells())


def test_a_setting_that_one_of_the_engines_knows_is_left_to_the_runs() -> None:
    check(study(ARMS, ENGINES, threads=2, precision="fp32"))


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (
            study(stream=2),
            "study 'mine' sets stream, which neither its load nor llama_cpp knows; did you mean streams?",
        ),
        (study(max_token=2), "did you mean max_tokens?"),
        (study(num_gpus=2), "did you mean num_gpu?"),
        (study(zzz=2), "engine settings are batch, context_shift, flash_attention"),
        (study(ARMS, ENGINES, zzz=2), "neither its load nor llama_cpp, pytorch knows"),
        (study(server__a__zzz=2), "sets zzz"),
    ],
)
def test_a_name_that_nobody_knows_is_refused_with_the_nearest(found: Study, message: str) -> None:
    with pytest.raises(StudyError) as caught:
        check(found)
    assert message in str(caught.value)


def test_an_unknown_backend_agent_or_trace_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="unknown backend 'llama'"):
        check(study(backend="llama"))
    with pytest.raises(UnknownName, match="unknown agent 'cobol'; choose one of: python, rust"):
        check(study(agent__a__language="cobol", agent__a__task="report"))
    with pytest.raises(UsageError, match="there is no trace"):
        check(study(trace=str(tmp_path / "absent")))


def test_nothing_is_recorded_of_a_study_that_is_refused(tmp_path: Path) -> None:
    found = study(stream=2)
    with pytest.raises(StudyError, match="did you mean streams"):
        execute(Session(found, found.profile("smoke"), {}, tmp_path), lambda _: None)
    assert list(tmp_path.iterdir()) == []
