"""A real but tiny matrix on the embedded engine, and the processes that it starts."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from harness.events import Run
from harness.recorder.records import decode
from harness.recorder.recover import read

STUDY = """
id = "tiny"
title = "Tiny"
question = "Does it survive?"
backend = "llama_cpp"
[fixed]
model = "smollm2-135m-q4_1"
threads = 1
[factors.num_ctx]
levels = [128, 256]
[workload]
max_tokens = 4
warmup = 0
prompts = {{ hello = "Hello there, how are you today?" }}
[profiles.smoke]
runs = {runs}
run_timeout_s = 600
"""

WORKER, ENGINE = "harness.worker", "harness.backends.llama_cpp_server"


class SmallMatrix:
    """``2 × runs`` runs of SmolLM2 under ``folder``, driven through the command line."""

    def __init__(self, folder: Path, runs: int) -> None:
        self.folder = folder
        self.size = 2 * runs
        self.study = folder / "tiny.toml"
        self.study.write_text(STUDY.format(runs=runs))
        self.state, self.data = folder / "state", folder / "data"

    @property
    def journal(self) -> Path:
        return self.state / "journals" / "tiny-smoke" / "journal"

    def typed(self, name: str, *options: str) -> list[str]:
        """The arguments of a command about the matrix."""
        return [name, str(self.study), "--profile", "smoke", "--state", str(self.state), *options]

    def command(self, name: str, *options: str) -> list[str]:
        return [sys.executable, "-m", "harness", *self.typed(name, *options)]

    def start(self, *options: str) -> subprocess.Popen[str]:
        command = self.command("run", "--data", str(self.data), *options)
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def call(self, name: str, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(name, *options), capture_output=True, text=True, check=False, timeout=1500)

    def runs(self) -> dict[str, Run]:
        """What the journal holds; raises where a run was recorded twice."""
        if not self.journal.exists():
            return {}
        found = [record for record in map(decode, read(self.journal).records) if isinstance(record, Run)]
        by_id = {run.run_id: run for run in found}
        assert len(by_id) == len(found), "a run was recorded twice"
        return by_id


def descendants(pid: int, module: str) -> list[psutil.Process]:
    """Processes below ``pid`` that run ``python -m module``."""
    try:
        children = psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return [child for child in children if module in _command(child)]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def appearing(parent: subprocess.Popen[str], module: str) -> Iterator[psutil.Process]:
    """Each new process of ``module`` below ``parent``, as long as the parent lives."""
    seen: set[int] = set()
    while parent.poll() is None:
        for process in descendants(parent.pid, module):
            if process.pid not in seen:
                seen.add(process.pid)
                yield process
        time.sleep(0.01)


def gone(processes: list[psutil.Process], within_s: float = 300.0) -> bool:
    """Whether all of them ended in time."""
    _, alive = psutil.wait_procs(processes, timeout=within_s)
    return all(process.status() == psutil.STATUS_ZOMBIE for process in alive)
