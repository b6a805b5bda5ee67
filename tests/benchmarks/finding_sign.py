"""Does a published finding come out the same way again? Ten tries in fresh processes, beside the sealed dataset.

    python -m tests.benchmarks.finding_sign [--tries 10] [--scenario short] [--data data]

The findings are TR117's prefill of compiled PyTorch and of ONNX Runtime against eager PyTorch in full precision, read
from the newest sealed version. A try is one process for each arm: the prompts of the scenario, one token each, are sent
until nothing is compiled any more, then measured; its sign is that of the ratio of the medians. Goal: 9 tries of 10
agree with the finding; otherwise the page must say *indistinguishable*.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

from harness.backends import BACKENDS
from harness.client.event_loop import new_event_loop, settle_memory
from harness.datasets.catalog import catalog
from harness.datasets.read import Dataset
from harness.design import Planned
from harness.events import Phase, Request
from harness.models import SMOLLM2_135M, model
from harness.protocols import Backend, Call
from harness.protocols.run_spec import run_spec
from harness.studies import STUDIES
from harness.workload.requests import call, prompts_of
from hooks.analysis.contrasts import Contrast, contrasts
from hooks.analysis.measurements import Measurements

STUDY = "tr117"
EAGER, ARMS = "transformers-cpu", ("transformers-cpu-compile", "onnxruntime")
GOAL = 0.9
SETTLED, ROUNDS, MOST = 2, 5, 12
"""Rounds of all prompts: how many without a compiled graph come first, how many are measured, how many at most."""


def findings(data: Path, scenario: str) -> tuple[str, dict[str, Contrast]]:
    """The dataset's label, and what it says of each arm. Raises ``SystemExit`` where nothing is sealed."""
    newest = max((ref for ref in catalog(data) if ref.study == STUDY), key=lambda ref: ref.version, default=None)
    if newest is None:
        raise SystemExit(f"{data} holds no dataset of {STUDY}")
    measurements = Measurements(Dataset.open(newest.path))
    where = {"model": SMOLLM2_135M.name, "precision": "fp32", "scenario": scenario}
    found = contrasts(measurements, "prefill_latency", "arm", where)
    return newest.label, {str(c.level): c for c in found if c.level in ARMS and c.ratio.number is not None}


async def prefill_ms(arm: str, scenario: str, attempt: int) -> float:
    """The median prefill of an arm in this process, once nothing is compiled any more."""
    study = STUDIES.load(STUDY)
    levels = {"model": SMOLLM2_135M.name, "arm": arm, "scenario": scenario, "precision": "fp32"}
    cell = next(cell for cell in study.matrix("full").cells() if cell.settings == levels)
    planned = Planned(f"{cell.id}-try-{attempt}", cell, attempt, attempt, 0)
    spec = run_spec(study, study.profile("quick"), planned, "")
    prompts = prompts_of(spec)
    numbered = enumerate(itertools.cycle(prompts))
    asked = (call(spec, index, Phase.MEASURED, prompt) for index, prompt in numbered)
    (server,) = spec.settings.servers
    backend: Backend = BACKENDS.load(server.backend)()
    await backend.start(model(server.model), server.engine)
    try:
        settle_memory()
        for _ in range(SETTLED):
            await settled(backend, asked, len(prompts))
        kept = [await one(backend, next(asked)) for _ in range(ROUNDS * len(prompts))]
    finally:
        await backend.stop()
    return median(r.counters.prompt_ms for r in kept if r.counters.prompt_ms and not r.effective.get("prefill.graphs"))


async def settled(backend: Backend, asked: Iterator[Call], prompts: int) -> None:
    """Sends rounds until one compiles nothing. Raises ``SystemExit`` where that never happens."""
    for _ in range(MOST):
        if not any([(await one(backend, next(asked))).effective.get("prefill.graphs") for _ in range(prompts)]):
            return
    raise SystemExit(f"still compiling after {MOST} rounds")


async def one(backend: Backend, asked: Call) -> Request:
    request = await backend.request(replace(asked, max_tokens=1))
    if not request.outcome.usable:
        raise SystemExit(f"a request failed: {request.outcome}")
    return request


def tried(arm: str, scenario: str, attempt: int) -> float:
    """``prefill_ms`` of a fresh process."""
    command = [sys.executable, "-m", __spec__.name, "--child", arm, "--scenario", scenario, "--tries", str(attempt)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{arm}: {done.stderr}")
    return float(json.loads(done.stdout.splitlines()[-1]))


def sign(low: float, high: float) -> str:
    return "faster" if high < 1 else "slower" if low > 1 else "indistinguishable"


def report(arm: str, published: Contrast, ratios: list[float]) -> None:
    interval = published.ratio.interval
    said = sign(interval.low, interval.high) if interval else "indistinguishable"
    bounds = f" [{interval.low:.2f}, {interval.high:.2f}]" if interval else ""
    print(f"prefill of {arm} over {EAGER}, published: {published.ratio.number:.2f}{bounds}, {said}")
    print(f"  again: {', '.join(f'{ratio:.2f}' for ratio in ratios)}")
    if said == "indistinguishable":
        print("  there is no sign to reproduce")
        return
    agreed = sum(sign(ratio, ratio) == said for ratio in ratios)
    met = agreed >= GOAL * len(ratios)
    print(f"  {agreed} of {len(ratios)} tries are {said} (goal: {GOAL:.0%}; {'met' if met else 'MISSED'})")
    if not met:
        print("  the page must say: indistinguishable from eager PyTorch")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=10)
    parser.add_argument("--scenario", default="short")
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--child", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            print(json.dumps(runner.run(prefill_ms(asked.child, asked.scenario, asked.tries))))
        return
    label, published = findings(asked.data, asked.scenario)
    print(f"{label}, scenario {asked.scenario}, {SMOLLM2_135M.name}")
    found: dict[str, list[float]] = {arm: [] for arm in (EAGER, *published)}
    order = random.Random(0)
    for attempt in range(asked.tries):
        for arm in order.sample(list(found), len(found)):
            found[arm].append(tried(arm, asked.scenario, attempt))
    for arm, contrast in published.items():
        report(arm, contrast, [ours / theirs for ours, theirs in zip(found[arm], found[EAGER], strict=True)])


if __name__ == "__main__":
    main()
