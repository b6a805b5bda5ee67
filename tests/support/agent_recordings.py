"""Synthetic recordings of the studies of agents: tasks alone and together whose times are known but for noise.

Alone a call waits ``PROMPT_MS`` for its first token and then gets one every ``GAP_MS``. Together everything takes
``TOGETHER`` as long where agents have a server each; on one server the second one also waits for the first.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from harness.design import Study, Value
from harness.events import Counters, Phase, Request, Run, Started, Task
from harness.studies import STUDIES
from tests.support.datasets import make_dataset

MS = 1_000_000
REPORTS = 4
"""How many different reports seeds give."""
PROMPT_MS, GAP_MS, TOKENS, TOGETHER = 100.0, 5.0, 6, 1.6
PACED_TOKENS = 35
"""The tokens of a call to a server that paces them: the two of a task are enough for a p95."""
CLIENT_MS = {"python": 0.8, "rust": 0.08}
"""What a client of each language needs for a token, where a server sends it at once."""
USED = {"python": (180, 40, 5, 400), "rust": (4, 6, 3, 60)}
"""Start-up and processor time (ms), and peak memory (MiB) and switches, of a process of each language."""


def make_agents(root: Path, study_id: str, *, sessions: int = 1, runs: int = 1) -> Path:
    """Seals a recording of a study's quick profile, or one for each of several sessions; returns the last folder."""
    found = STUDIES.load(study_id)
    quick = found.profile("quick")
    study = replace(found, profiles=(quick, *(one for one in found.profiles if one is not quick)))
    if sessions == 1:
        return make_dataset(root, study=study, runs=runs, amend=_WithTasks(study))
    return [
        make_dataset(root, study=study, runs=runs, seed=seed, amend=_WithTasks(study), session={"quiet": True})
        for seed in range(sessions)
    ][-1]


class _WithTasks:
    """Replaces the requests of a run by those of its agents."""

    def __init__(self, study: Study) -> None:
        self.asked = {cell.id: study.settings(cell) for cell in study.matrix("quick").cells()}

    def __call__(self, run: Run) -> Run:
        asked = self.asked[run.cell_id]
        names = sorted({key.split(".")[1] for key in asked if key.startswith("agent.") and key.endswith(".language")})
        noise = random.Random(f"{run.run_id} {run.duration_ns}")
        rounds = [*([[name] for name in names] if asked.get("baselines") else ()), names]
        tasks: list[Task] = []
        requests: list[Request] = []
        begin = 0.0
        for number, working in enumerate([names, *rounds]):
            phase = Phase.COLD if not number else Phase.MEASURED
            ends = [
                _one(asked, name, place, len(working), begin, number, phase, noise, tasks, requests)
                for place, name in enumerate(working)
            ]
            begin = max(ends) + 50.0
        servers = sorted({str(asked.get(f"agent.{name}.server", "")) for name in names})
        engines = tuple(
            Started(run.engines[0].engine, "1.0", run.engines[0].load_ns, run.engines[0].effective, server)
            for server in servers
        )
        return replace(
            run, engines=engines, requests=tuple(requests), tasks=tuple(tasks), duration_ns=int((begin + 100) * MS)
        )


def report_of(asked: Mapping[str, Value]) -> str:
    """The report of a task: the same everywhere, but one of ``REPORTS`` where the seed is set."""
    return "The files show the latency of each request." + " again" * (int(asked.get("seed", 0)) // 10 % REPORTS)


def _one(
    asked: Mapping[str, Value],
    name: str,
    place: int,
    working: int,
    begin: float,
    number: int,
    phase: Phase,
    noise: random.Random,
    tasks: list[Task],
    requests: list[Request],
) -> float:
    """Adds a task with its two calls; returns when it ended, in milliseconds."""
    language, index = str(asked[f"agent.{name}.language"]), len(tasks)
    server = str(asked.get(f"agent.{name}.server", ""))
    slow = (TOGETHER if working > 1 else 1.0) * noise.lognormvariate(0, 0.02)
    queue = PROMPT_MS if working > 1 and place and not server else 0.0
    at = begin + 20.0
    for turn, prompt in enumerate(("analyse", "report")):
        kind = asked.get(f"agent.{name}.task", "analyst")
        first = queue + PROMPT_MS * slow
        gap, effective, count = GAP_MS, dict[str, str](), TOKENS
        if "itl_ms" in asked:
            offered, count = float(asked["itl_ms"]), PACED_TOKENS
            gap = (offered + max(0.0, CLIENT_MS[language] * slow - offered)) / slow
            writes = (int((first - 0.1 + offered * nth) * MS) + nth for nth in range(count))
            effective = {"writes_ns": " ".join(map(str, writes))}
        arrivals = tuple(int((first + gap * slow * nth) * MS) for nth in range(count))
        requests.append(
            Request(
                index=len(requests),
                phase=phase,
                prompt_id=f"{kind}-{prompt}",
                stream=place,
                server=server,
                task=index,
                turn=turn,
                planned_ns=int(at * MS),
                connect_ns=MS // 5,
                sent_ns=MS // 4,
                first_byte_ns=arrivals[0] - MS // 10,
                end_ns=arrivals[-1] + MS // 10,
                arrivals_ns=arrivals,
                tokens=(1,) * count,
                counters=Counters(300, 0, PROMPT_MS * slow - 0.5, count, gap * slow * (count - 1)),
                effective=effective,
                finish_reason="length",
                text=report_of(asked),
            )
        )
        at += arrivals[-1] / MS + 5.0
    startup, cpu, memory, switches = USED[language]
    tasks.append(
        Task(
            index=index,
            agent=name,
            language=language,
            server=server,
            planned_ns=int(begin * MS),
            started_ns=int((begin + 1) * MS),
            ended_ns=int(at * MS),
            ingested_files=100,
            ingested_bytes=100_000,
            text=report_of(asked),
            phase=phase,
            round=number,
            startup_ns=int(startup * noise.lognormvariate(0, 0.02) * MS),
            peak_rss_bytes=int(memory * noise.lognormvariate(0, 0.02) * 2**20),
            threads=3,
            wait_ns=MS,
            cpu_ns=int(cpu * noise.lognormvariate(0, 0.02) * MS),
            context_switches=switches,
        )
    )
    return at
