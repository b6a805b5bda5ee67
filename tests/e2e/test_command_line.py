"""The `harness` command as a new user meets it, on the real engine."""

import json
import signal
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness.cli import COMMANDS, app
from harness.datasets.read import Dataset
from harness.events import Run
from harness.protocols import Deadlines
from tests.e2e.conftest import Typed
from tests.support.small_matrix import ENGINE, WORKER, SmallMatrix, appearing, descendants, gone


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_has_help_with_an_example_of_itself(name: str) -> None:
    done = CliRunner().invoke(app(name), [name, "--help"])
    assert done.exit_code == 0
    assert f"Example: harness {name}" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["run", "tr999"], 2, "unknown study 'tr999'; choose one of:"),
        (["run", "tr108", "--profile", "huge"], 2, "unknown profile 'huge'; choose one of: full, quick, smoke"),
        (["run", "tr108", "--only", "threads"], 2, "is not of the form factor=level"),
        (["run", "tr108", "--only", "gpu=1"], 2, "unknown factor 'gpu'"),
        (["run", "tr108", "--only", "threads=7"], 2, "factor 'threads' has no level '7'; it has 1, 2, all"),
        (["run", "absent.toml"], 2, "no study file absent.toml"),
        (["run", "tr108", "--resume"], 2, "nothing to resume for tr108-quick"),
        (["run", "tr108", "--version", "2"], 2, "--version chooses what --seal seals as; add --seal"),
        (["seal", "tr108"], 2, "nothing is recorded for tr108-quick; begin with: harness run tr108 --profile quick"),
        (
            ["seal", "tr108", "--sessions", "--meter", "m.csv"],
            2,
            "recorded sessions are sealed already; --meter is for",
        ),
        (["seal", "tr108", "--host", "abcd"], 2, "--host chooses among recorded sessions; add --sessions"),
        (["recover", "tr108"], 2, "nothing is recorded for tr108-quick"),
        (["show", "tr108"], 2, "unknown dataset 'tr108'"),
        (["show", "tr108", "first"], 2, "'first' is not a version; versions are called v1, v2"),
    ],
)
def test_wrong_input_is_one_line_that_says_what_to_do(
    tmp_path: Path, typed: Typed, arguments: list[str], status: int, message: str
) -> None:
    takes_state = arguments[0] in ("run", "seal", "recover")
    folders = ["--state", str(tmp_path)] if takes_state else []
    folders += ["--data", str(tmp_path)] if arguments[0] != "recover" else []
    done = typed(tmp_path, *arguments, *folders)
    assert done.status == status
    assert message in done.err
    assert done.err.count("\n") == 1
    assert not list(tmp_path.rglob("journal"))


def test_doctor_tells_what_is_here_and_why_the_rest_is_not(tmp_path: Path, typed: Typed) -> None:
    rows = {row["name"]: row for row in json.loads(typed(tmp_path, "doctor", "--json").out)}
    assert rows["llama_cpp"]["available"]
    assert rows["smollm2-135m-q4_1"]["available"]
    assert rows["process"]["available"]
    assert all(row["available"] or row["reason"] for row in rows.values())


def test_studies_give_the_size_of_each_profile(tmp_path: Path, typed: Typed) -> None:
    rows = {row["id"]: row for row in json.loads(typed(tmp_path, "studies", "--json").out)}
    assert rows["tr108"]["runs"]["smoke"] < rows["tr108"]["runs"]["quick"] < rows["tr108"]["runs"]["full"]
    table = typed(tmp_path, "studies").out
    assert "tr108" in table
    assert "\\n" not in table, "the sizes of the profiles stand on lines of their own"


@pytest.mark.parametrize("server", ["pytorch", "nope"])
def test_an_agent_is_tried_with_a_server_that_agents_can_ask(tmp_path: Path, typed: Typed, server: str) -> None:
    refused = typed(tmp_path, "agent", "try", "--server", server)
    assert refused.status == 2
    assert refused.err == f"harness: unknown server '{server}'; choose one of: llama_cpp, ollama, pacer\n"


def test_an_agent_whose_task_fails_is_an_error(tmp_path: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.commands.agent.Deadlines", lambda: Deadlines(first_byte_s=0.05))
    tried = typed(tmp_path, "agent", "try", "--max-tokens", "2")
    assert tried.status == 5
    assert "call_ended" in tried.out
    assert tried.err == "harness: the task failed: first_byte_timeout\n"


@pytest.mark.engine
def test_a_matrix_is_measured_once_sealed_once_and_shown(tmp_path: Path, typed: Typed) -> None:
    matrix = SmallMatrix(tmp_path, runs=1)
    first = matrix.call("run", "--data", str(matrix.data), "--seal")
    assert first.returncode == 0, first.stderr
    assert "2 runs recorded (2 ok), 2 now" in first.stdout
    second = typed(tmp_path, *matrix.typed("run", "--data", str(matrix.data), "--seal"))
    assert "already measured and sealed as tiny/v1" in second.out
    resealed = typed(tmp_path, *matrix.typed("seal", "--data", str(matrix.data)))
    assert resealed.status == 3
    assert "v1" in resealed.err
    shown = json.loads(typed(tmp_path, "show", "tiny", "v1", "--json", "--data", str(matrix.data)).out)
    assert shown["manifest"]["outcomes"] == {"ok": 2}
    assert {cell["metric"] for cell in shown["cells"]} == {"ttft", "tpot", "decode_tps"}
    assert all(cell["median"] > 0 for cell in shown["cells"])
    listed = json.loads(typed(tmp_path, "datasets", "--json", "--data", str(matrix.data)).out)
    assert [row["dataset"] for row in listed] == ["tiny/v1"]
    again = matrix.call("run", "--data", str(matrix.data), "--seal", "--again")
    assert "Sealed as" in again.stdout
    assert (matrix.data / "tiny" / "v2" / "manifest.json").exists()


@pytest.mark.engine
def test_the_file_of_a_meter_is_sealed_beside_the_runs(tmp_path: Path, typed: Typed) -> None:
    matrix = SmallMatrix(tmp_path, runs=1)
    assert matrix.call("run", "--data", str(matrix.data)).returncode == 0
    first = min(run.started_unix_ns for run in matrix.runs().values()) // 10**9
    meter = tmp_path / "meter.csv"
    seal = matrix.typed("seal", "--data", str(matrix.data), "--meter", str(meter))
    for began, said in ((None, "cannot read"), (first - 3600, "none of them during a run")):
        if began is not None:
            meter.write_text("timestamp,watts\n" + "".join(f"{began + at},40\n" for at in range(60)))
        refused = typed(tmp_path, *seal)
        assert (refused.status, refused.err.count("\n")) == (2, 1)
        assert said in refused.err
        assert not (matrix.data / "tiny" / "v1").exists()
    tenths = range((first - 30) * 10, time.time_ns() // 10**8)
    meter.write_text("timestamp,watts\n" + "".join(f"{at // 10}.{at % 10},40\n" for at in tenths))
    assert "Sealed as" in typed(tmp_path, *seal).out
    assert (matrix.data / "tiny" / "v1" / "meter.csv").read_bytes() == meter.read_bytes()
    rows = Dataset.open(matrix.data / "tiny" / "v1").readings.to_pylist()
    seen = {row["run_id"] for row in rows if row["quantity"] == "meter.power" and row["value"] == 40.0}
    assert seen == matrix.runs().keys()
    assert {row["value"] for row in rows if row["quantity"] == "meter.idle_before"} == {40.0}


@pytest.mark.engine
def test_a_stopped_matrix_ends_cleanly_and_only_the_same_study_continues(tmp_path: Path, typed: Typed) -> None:
    matrix = SmallMatrix(tmp_path, runs=3)
    kept: dict[str, Run] = {}
    for stop in (signal.SIGINT, signal.SIGTERM):
        process = matrix.start()
        next(appearing(process, WORKER))
        deadline = time.monotonic() + 600
        while len(matrix.runs()) == len(kept) and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.2)
        left = descendants(process.pid, WORKER) + descendants(process.pid, ENGINE)
        process.send_signal(stop)
        _, errors = process.communicate(timeout=1500)
        assert process.returncode == 130
        assert "runs; all are kept. Run the same command again to continue" in errors
        assert "Traceback" not in errors
        assert gone(left)
        before, kept = kept, matrix.runs()
        assert len(before) < len(kept) < matrix.size
        assert before.items() <= kept.items()
    done = matrix.call("run", "--data", str(matrix.data))
    assert done.returncode == 0, done.stderr
    assert len(matrix.runs()) == matrix.size
    assert kept.items() <= matrix.runs().items()
    matrix.study.write_text(matrix.study.read_text().replace("max_tokens = 4", "max_tokens = 5"))
    changed = typed(tmp_path, *matrix.typed("run", "--data", str(matrix.data)))
    assert changed.status == 3
    assert "study" in changed.err
    assert len(matrix.runs()) == matrix.size


@pytest.mark.engine
def test_a_second_harness_on_the_same_study_is_refused_and_told_who_holds_it(tmp_path: Path, typed: Typed) -> None:
    matrix = SmallMatrix(tmp_path, runs=20)
    first = matrix.start()
    next(appearing(first, WORKER))
    second = typed(tmp_path, *matrix.typed("run", "--data", str(matrix.data)))
    first.send_signal(signal.SIGINT)
    first.communicate(timeout=1500)
    assert second.status == 3
    assert str(first.pid) in second.err
    assert second.err.count("\n") == 1


@pytest.mark.engine
def test_runs_that_all_fail_are_recorded_and_reported(tmp_path: Path) -> None:
    matrix = SmallMatrix(tmp_path, runs=1)
    matrix.study.write_text(matrix.study.read_text().replace("threads = 1", 'threads = "many"'))
    done = matrix.call("run", "--data", str(matrix.data))
    assert done.returncode == 6
    assert "no run of tiny-smoke was usable" in done.stderr
    assert {run.outcome.code for run in matrix.runs().values()} == {"setting_rejected"}
