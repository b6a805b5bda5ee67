"""Study files: strict at the edge, one line that says what to correct."""

from pathlib import Path

import pytest

from harness.design import Scenario
from harness.design.load import ClosedLoop
from harness.design.toml_file import read_study
from harness.errors import StudyError

GOOD = """
id = "mine"
title = "Mine"
question = "Does it work?"
backend = "llama_cpp"
[fixed]
model = "smollm2-135m-q4_1"
[factors.threads]
levels = ["1", "all"]
[workload]
max_tokens = 8
prompts = { hello = "Hello there, how are you today?" }
[profiles.smoke]
runs = 2
"""


EXCLUDE_ALL = """
[[exclusions]]
threads = "1"
[[exclusions]]
threads = "all"
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "study.toml"
    path.write_text(text)
    return path


def test_a_file_becomes_a_study(tmp_path: Path) -> None:
    study = read_study(written(tmp_path, GOOD))
    assert study.scenarios == (Scenario.SINGLE_STREAM,)
    assert study.factor("threads").levels == ("1", "all")
    assert len(study.matrix("smoke").cells()) == 2
    assert dict(study.fixed) == {"model": "smollm2-135m-q4_1"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "Mine"', 'titel = "Mine"', "title: Field required"),
        ("runs = 2", "runs = 2\ncolour = 1", "profiles.smoke.colour: Extra inputs are not permitted"),
        ('levels = ["1", "all"]', "levels = [1, 1]", "has the level 1 twice"),
        ('levels = ["1", "all"]', "levels = []", "has no levels"),
        ('levels = ["1", "all"]', "levels = [nan]", "factors.threads.levels"),
        ("runs = 2", "runs = 0", "has no runs"),
        ("[profiles.smoke]\nruns = 2", "", "profiles"),
        ('model = "smollm2', 'load.stream = 2\nmodel = "smollm2', "study 'mine': a closed loop has no setting stream"),
        (
            'model = "smollm2',
            '"load.stream" = 2\nmodel = "smollm2',
            "study 'mine': a closed loop has no setting stream",
        ),
        ('model = "smollm2', 'streams = 1.5\nmodel = "smollm2', "study 'mine': streams is 1.5"),
        ('id = "mine"', 'id = "../mine"', "id: String should match pattern"),
        ('id = "mine"', "id = ", "cannot be read as TOML"),
        (
            "[workload]",
            '[[exclusions]]\nthreads = "1"\n[[exclusions]]\nthreads = "all"\n[workload]',
            "the matrix is empty",
        ),
    ],
)
def test_a_wrong_file_is_refused_in_one_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(StudyError) as caught:
        read_study(written(tmp_path, GOOD.replace(old, new)))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_scopes_may_be_tables(tmp_path: Path) -> None:
    fixed = '[fixed]\nload.streams = 2\nserver.a.num_ctx = 256\n"server.b.num_ctx" = 512\n'
    study = read_study(written(tmp_path, GOOD.replace("[fixed]\n", fixed)))
    (cell, _) = study.matrix("smoke").cells()
    found = study.run_settings(cell)
    assert found.load == ClosedLoop(2)
    assert [(server.name, server.engine["num_ctx"]) for server in found.servers] == [("a", 256), ("b", 512)]
    assert study.scenarios == (Scenario.MULTI_STREAM,)


def test_what_never_ends_is_no_study() -> None:
    with pytest.raises(StudyError, match="it is larger than 64 MiB"):
        read_study(Path("/dev/zero"))


def test_a_file_that_is_nested_too_deeply(tmp_path: Path) -> None:
    path = tmp_path / "deep.toml"
    path.write_text("a=" + "[" * 100_000, encoding="utf-8")
    with pytest.raises(StudyError, match="it is nested too deeply"):
        read_study(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"no study file .*absent\.toml"):
        read_study(tmp_path / "absent.toml")
