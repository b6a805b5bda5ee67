"""What the harness adds to an in-process measurement, and what loading a converted checkpoint takes.

    python -m tests.benchmarks.in_process_overhead [--pairs 120] [--model gpt2-25m]

A measurement (``InProcess.request``: thread, stamps, counters, sampling) over a bare loop around the same calls of the
same engine: 32 prompt tokens and 64 decode steps. Goal: at most 1 % more. Within a pair the order alternates. Loading
is timed in fresh processes, the second one finding the converted checkpoint. Goal: at most 3 s.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
from time import monotonic

import numpy as np

from harness.backends.in_process.session import InProcess
from harness.backends.in_process.torch_engine import TorchEngine
from harness.events import Phase
from harness.models import SMOLLM2_135M, model
from harness.protocols import Call
from harness.stats.paired import compare_paired_ratio

GOAL, LOAD_GOAL_S = 1.01, 3.0
PROMPT, STEPS = 32, 64
LOAD = """
import time; import torch, transformers
from harness.backends.in_process.checkpoints import folder, load
from harness.models import model
m = model({name!r}); folder(m); began = time.monotonic(); load(m); print(time.monotonic() - began)
"""


def bare(engine: TorchEngine, prompt: list[int]) -> float:
    """Seconds of the calls alone."""
    began = monotonic()
    decoding = engine.prefill(prompt)
    token = int(decoding.logits.argmax())
    for _ in range(STEPS):
        decoding.step(token)
        token = int(decoding.logits.argmax())
    return monotonic() - began


async def measured(backend: InProcess, text: str) -> float:
    """Seconds of a whole request."""
    began = monotonic()
    request = await backend.request(Call(0, Phase.MEASURED, "p", text, STEPS + 1, 1, 0.0))
    spent = monotonic() - began
    if not request.outcome.usable or len(request.tokens) != STEPS + 1:
        raise SystemExit(f"a request failed: {request.outcome}")
    return spent


async def pairs(name: str, count: int) -> tuple[list[float], list[float]]:
    engine = TorchEngine()
    backend = InProcess(engine)
    await backend.start(model(name), {"threads": 1, "num_ctx": 256})
    text = "x" * PROMPT
    prompt = engine.encode(text)
    ours: list[float] = []
    theirs: list[float] = []
    await measured(backend, text)
    for pair in range(count):
        for is_ours in (pair % 2 == 0, pair % 2 == 1):
            if is_ours:
                ours.append(await measured(backend, text))
            else:
                theirs.append(await asyncio.get_running_loop().run_in_executor(None, bare, engine, prompt))
    await backend.stop()
    return ours, theirs


def load_s(name: str) -> float:
    done = subprocess.run([sys.executable, "-c", LOAD.format(name=name)], capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=120)
    parser.add_argument("--model", default="gpt2-25m")
    asked = parser.parse_args()
    ours, theirs = asyncio.run(pairs(asked.model, asked.pairs))
    found = compare_paired_ratio(np.array(ours), np.array(theirs)).estimate
    bounds = f"[{found.interval.low:.4f}, {found.interval.high:.4f}]" if found.interval else "no interval"
    high = found.interval.high if found.interval else float("inf")
    low = found.interval.low if found.interval else 0.0
    met = "met" if high <= GOAL else "MISSED" if low > GOAL else "not shown"
    print(f"measurement over bare loop ({asked.model}, {PROMPT} + {STEPS} tokens, {asked.pairs} pairs):")
    print(f"  {found.value:.4f} x {bounds} (goal: {GOAL} x; {met})")
    load_s(SMOLLM2_135M.name)
    second = load_s(SMOLLM2_135M.name)
    print(f"second load of {SMOLLM2_135M.name}: {second:.2f} s (goal: {LOAD_GOAL_S} s; ", end="")
    print("met)" if second <= LOAD_GOAL_S else "MISSED)")


if __name__ == "__main__":
    main()
