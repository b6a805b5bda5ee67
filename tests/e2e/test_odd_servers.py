"""Odd servers through the whole command line: what is recorded, sealed, shown and audited; outages and refusals."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from harness.datasets.read import Dataset
from tests.support.dialect_server import DialectServer, Manner, case, closing, delta, healthy, paced
from tests.support.ports import steady_port
from tests.support.stream_server import Script, served

STUDY = """
id = "odd"
title = "Odd"
question = "What is recorded?"
backend = "openai_http"
metrics = ["ttft", "tpot", "decode_tps"]
[factors.temperature]
levels = [0.0]
[fixed]
model = "smollm2-135m-q4_1"
base_url = "URL"
endpoint = "chat"
[workload]
max_tokens = MAX
warmup = 0
ignore_eos = false
[workload.prompts]
p = "Tell me about numbers."
q = "Tell me about words."
[profiles.smoke]
runs = RUNS
run_timeout_s = 600
request_timeout_s = 20
"""


class Project:
    """A study of one server, its journal and its datasets."""

    def __init__(self, folder: Path, url: str, runs: int = 1, tokens: int = 8) -> None:
        self.folder, self.study = folder, folder / "odd.toml"
        text = STUDY.replace("URL", url).replace("RUNS", str(runs)).replace("MAX", str(tokens))
        self.study.write_text(text, encoding="utf-8")
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith("BINDERY_OPENAI")}
        self._environment |= {"BINDERY_DATA": str(folder / "data"), "BINDERY_STATE": str(folder / "state")}

    def call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "harness", *arguments]
        return subprocess.run(command, env=self._environment, capture_output=True, text=True, timeout=600, check=False)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "harness", *arguments]
        return subprocess.Popen(
            command, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def run(self, *options: str) -> subprocess.CompletedProcess[str]:
        return self.call("run", str(self.study), "--profile", "smoke", *options)

    def shown(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.call("show", "odd", "--json").stdout)
        return found

    def audited(self) -> dict[str, dict[str, Any]]:
        done = self.call("audit", "odd", "--json")
        assert done.returncode in (0, 10, 20), done.stderr
        return {row["rule"]: row for row in json.loads(done.stdout)}

    @property
    def recorded(self) -> bool:
        return any(self.folder.glob("state/journals/*/journal"))


def sealed(tmp_path: Path, script: Script, **how: int) -> Project:
    with served(script) as url:
        project = Project(tmp_path, url, **how)
        done = project.run("--seal")
        assert done.returncode == 0, done.stdout + done.stderr
        return project


def test_half_refused_is_in_the_run_the_manifest_show_and_the_audit(tmp_path: Path) -> None:
    project = sealed(tmp_path, DialectServer(*case("half-of-requests-refused")))
    shown, audited = project.shown(), project.audited()
    assert shown["manifest"]["outcomes"] == {"degraded": 1}
    assert {line["failed"] for line in shown["cells"]} == {50.0}
    assert (audited["requests_failed"]["verdict"], audited["requests_failed"]["severity"]) == ("broken", "error")
    assert "50 %" in project.call("show", "odd").stdout


def test_tokens_that_chunks_are_not_reach_everything_too(tmp_path: Path) -> None:
    script = [*paced((delta(f" four words at {k}") for k in range(4)), 0.08), *closing(16)]
    project = sealed(tmp_path, DialectServer(script), tokens=16)
    shown, audited = project.shown(), project.audited()
    assert shown["manifest"]["outcomes"] == {"degraded": 1}
    assert {line["degraded"] for line in shown["cells"]} == {100.0}
    (rate,) = [line["median"] for line in shown["cells"] if line["metric"] == "decode_tps"]
    dataset = Dataset.open(tmp_path / "data" / "odd" / "v1")
    measured = [row["arrivals_ns"] for row in dataset.requests.to_pylist() if row["phase"] == "measured"]
    rates = [12e9 / (arrivals[-1] - arrivals[0]) for arrivals in measured]
    assert min(rates) <= rate <= max(rates) < 51, "four tokens every 80 ms, or longer on a busy machine"
    assert audited["requests_degraded"]["severity"] == "error"


def test_one_token_answers_are_audited(tmp_path: Path) -> None:
    project = sealed(tmp_path, DialectServer(*case("one-token-answers")), tokens=1)
    assert project.audited()["steady_requests"]["verdict"] == "unknown"
    assert {line["metric"]: line["n"] for line in project.shown()["cells"]} == {"ttft": 1, "tpot": 0, "decode_tps": 0}


def test_what_a_proxy_held_back_has_no_time_per_token(tmp_path: Path) -> None:
    project = sealed(tmp_path, DialectServer(*case("proxy-buffers-everything")))
    lines = {line["metric"]: line for line in project.shown()["cells"]}
    assert (lines["tpot"]["median"], lines["decode_tps"]["median"]) == (None, None)
    audited = project.audited()
    assert audited["bursts"]["verdict"] == "broken"
    assert "loop_lag" not in {rule for rule, row in audited.items() if row["verdict"] == "broken"}


def test_a_server_that_cannot_be_measured_is_one_line_and_nothing_is_recorded(tmp_path: Path) -> None:
    with served(DialectServer(healthy(), Manner(key="sesame"))) as url:
        project = Project(tmp_path, url)
        done = project.run()
        assert (done.returncode, done.stderr.count("\n")) == (5, 1)
        assert "401" in done.stderr
    gone = project.run()
    assert (gone.returncode, gone.stderr.count("\n")) == (5, 1)
    assert not project.recorded


class Counting(DialectServer):
    """Calls ``after`` once it has answered so many times."""

    def __init__(self, number: int, after: Callable[[], None], manner: Manner | None = None) -> None:
        super().__init__(healthy(), manner)
        self._left, self._after = number, after

    async def _answer(self, *asked: Any) -> None:
        await super()._answer(*asked)
        self._left -= 1
        if self._left == 0:
            self._after()


def test_a_server_that_goes_away_and_comes_back_costs_no_run(tmp_path: Path) -> None:
    away = threading.Event()
    port = steady_port()
    with served(Counting(3, away.set), port) as url:
        project = Project(tmp_path, url, runs=3)
        running = project.start("run", str(project.study), "--profile", "smoke", "--seal")
        assert away.wait(300)
    threading.Event().wait(4.0)
    with served(DialectServer(healthy()), port):
        out, _ = running.communicate(timeout=600)
    assert running.returncode == 0, out
    outcomes = project.shown()["manifest"]["outcomes"]
    assert outcomes.get("failed", 0) == outcomes.get("unsupported", 0) == 0


def test_a_server_that_stays_away_stops_the_session_and_what_is_recorded_is_kept(tmp_path: Path) -> None:
    away = threading.Event()
    port = steady_port()
    with served(Counting(3, away.set), port) as url:
        project = Project(tmp_path, url, runs=4)
        running = project.start("run", str(project.study), "--profile", "smoke", "--patience", "2")
        assert away.wait(300)
    out, _ = running.communicate(timeout=600)
    assert running.returncode == 5, out
    assert "did not come back" in out
    with served(DialectServer(healthy()), port):
        done = project.run("--retry-failed", "--seal")
    assert done.returncode == 0, done.stdout + done.stderr


def test_refusals_stop_the_session_and_failed_runs_can_be_made_again(tmp_path: Path) -> None:
    manner = Manner()

    def refuse() -> None:
        manner.refuse_fields = ["model"]

    with served(Counting(3, refuse, manner)) as url:
        project = Project(tmp_path, url, runs=5)
        done = project.run()
        assert done.returncode == 6, done.stdout + done.stderr
        assert "3 runs in a row were refused" in done.stdout + done.stderr
        assert "--retry-failed" in done.stdout + done.stderr
        manner.refuse_fields = []
        done = project.run("--retry-failed", "--seal")
        assert done.returncode == 0, done.stdout + done.stderr
        outcomes = project.shown()["manifest"]["outcomes"]
        assert outcomes["ok"] + outcomes.get("degraded", 0) == 5, "the first refusal may come in the middle of a run"
