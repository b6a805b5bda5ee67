"""What the harness costs around agents: starts, ends, events, builds.

    python -m tests.benchmarks.agents [--rounds 40] [--build]

Goals: two agents begin within 5 ms of each other (99th percentile), a round lasts at most 5 ms longer than its longest
task (median), and 200,000 events a second are read from one agent's pipe. With ``--build`` the agents in Rust are built
from nothing in an empty cache, in at most 120 s, and again unchanged, in at most 2 s. The pacer is the server, so that
no engine takes the processors; start and end are measured as runs measure them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from base64 import b64encode
from pathlib import Path
from time import monotonic

import numpy as np

from harness.agents import wire
from harness.design import Prompt, Workload
from harness.events import Task
from harness.execution.worker_process import WorkerProcess
from harness.outcomes import OK
from harness.processes.child import Child
from tests.benchmarks.measured import load, run
from tests.support.specs import spec_of

SKEW_MS, OVERHEAD_MS, EVENTS_PER_S, BUILD_S, AGAIN_S = 5.0, 5.0, 200_000, 120.0, 2.0
EVENTS = 400_000
ROUND_S = 10.0

WRITE = """
import os, sys
line = sys.stdin.buffer.readline() * 200
for _ in range({blocks}):
    at = 0
    while at < len(line):
        at += os.write(1, line[at:])
"""


def verdict(found: float, goal: float, *, least: bool = False) -> str:
    return f"({'met' if (found >= goal if least else found <= goal) else 'MISSED'}, goal {goal:g})"


def rounds_of(rounds: int, language: str, folder: Path) -> list[list[Task]]:
    """The tasks of each measured round of two agents."""
    agents = {f"agent__{name}__{key}": value for name in "ab" for key, value in
              (("language", language), ("task", "analyst"))}  # fmt: skip
    workload = Workload((Prompt("none", "none"),), max_tokens=16, warmup=1)
    spec = spec_of("pacer", "pacer", workload, ttft_ms=20, itl_ms=2, tasks=rounds, **agents)
    with WorkerProcess(spec, folder / "worker.log") as worker:
        found = worker.result(60 + rounds * ROUND_S)
    if found.outcome != OK:
        raise SystemExit(f"the run failed: {found.outcome}")
    by_round: dict[int, list[Task]] = {}
    for task in found.tasks:
        if task.phase == "measured":
            by_round.setdefault(task.round, []).append(task)
    return list(by_round.values())


def begin_and_end(rounds: int, language: str, folder: Path) -> None:
    found = rounds_of(rounds, language, folder)
    begun = [[(task.started_ns or 0) / 1e6 for task in tasks] for tasks in found]
    skew = float(np.percentile([max(starts) - min(starts) for starts in begun], 99))
    over = []
    for tasks in found:
        ended = [(task.ended_ns or 0) / 1e6 for task in tasks]
        longest = max((task.ended_ns or 0) - (task.started_ns or 0) for task in tasks) / 1e6
        over.append(max(ended) - min(task.planned_ns for task in tasks) / 1e6 - longest)
    late = float(np.median(over))
    print(f"{language:6} start skew p99 {skew:7.3f} ms {verdict(skew, SKEW_MS)}; "
          f"overhead median {late:7.3f} ms {verdict(late, OVERHEAD_MS)}; {rounds} rounds")  # fmt: skip


def events_per_second() -> None:
    """Lines of a process that does nothing else, read and parsed as those of an agent are."""
    data = b64encode(b'data: {"index":0,"content":" tok","tokens":[1],"stop":false,"tokens_predicted":1}\n\n').decode()
    event = {"event": "chunk", "task": 0, "at": 10**15, "data": data}
    with Child("the writer", (sys.executable, "-c", WRITE.format(blocks=EVENTS // 200))) as child:
        child.send(event)
        seen, size, began = 0, 0, 0.0
        while lines := child.lines(wire.MOST_LINE):
            began = began or monotonic()
            for said in wire.heard(lines):
                assert isinstance(said, wire.Chunk)
                size += len(said.body)
            seen += len(lines)
        rate = seen / (monotonic() - began)
    assert seen == EVENTS
    print(
        f"{rate:,.0f} events/s through one pipe, {size / seen:.0f} bytes each {verdict(rate, EVENTS_PER_S, least=True)}"
    )


def builds(folder: Path) -> None:
    environment = {"BINDERY_CACHE": str(folder / "cache"), "PYTHONPATH": str(Path.cwd())}
    command = (sys.executable, "-m", "harness", "agent", "build")
    for name, goal in (("from nothing", BUILD_S), ("unchanged", AGAIN_S)):
        took = run(command, folder, environment)
        print(f"build {name} {took.wall:.1f} s, {took.cpu:.1f} s CPU {verdict(took.wall, goal)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--build", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        events_per_second()
        for language in ("python", "rust"):
            begin_and_end(asked.rounds, language, Path(folder))
        if asked.build:
            builds(Path(folder))
    print(load())


if __name__ == "__main__":
    main()
