"""What the harness adds to an in-process measurement, and what loading a converted checkpoint takes.

    python -m tests.benchmarks.in_process_overhead [--seconds 120] [--model gpt2-25m]

A measurement (``InProcess.request``: thread, stamps, counters, sampling, and the engine's own code) over a bare loop
that calls PyTorch or ONNX Runtime and nothing of ours: 32 prompt tokens and 64 decode steps, in pairs whose order
alternates. Goal: at most 1 % more, shown by the interval. Beside it stands what the measurement adds where nothing is
computed, which no noise of computing hides. Loading is timed in fresh processes, the second one finding the converted
checkpoint. Goal: at most 3 s.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import monotonic
from typing import Any

import numpy as np

from harness.backends.in_process.backend import InProcess
from harness.backends.in_process.engine import Engine, Logits
from harness.backends.in_process.onnx.engine import OnnxEngine
from harness.backends.in_process.torch.engine import TorchEngine
from harness.client.event_loop import new_event_loop, settle_memory
from harness.events import Phase
from harness.models import SMOLLM2_135M, model
from harness.protocols import Call
from harness.stats.comparison.paired import compare_paired_ratio

GOAL, LOAD_GOAL_S = 1.01, 3.0
PROMPT, STEPS = 32, 64
WARMUP = 3
COSTLESS_S = 5.0
LOAD = """
import time; import torch, transformers
from harness.weights.checkpoints import folder, load
from harness.models import model
m = model({name!r}); folder(m); began = time.monotonic(); load(m); print(time.monotonic() - began)
"""


Bare = Callable[[Any, list[int]], float]


def of_engine(engine: Engine, prompt: list[int]) -> float:
    """Seconds of the engine's calls alone."""
    began = monotonic()
    decoding = engine.prefill(prompt)
    token = int(decoding.logits.argmax())
    for _ in range(STEPS):
        decoding.step(token)
        token = int(decoding.logits.argmax())
    return monotonic() - began


def of_torch(engine: TorchEngine, prompt: list[int]) -> float:
    """Seconds of PyTorch's and transformers' calls alone, of the engine's model."""
    import torch
    from transformers import DynamicCache

    module: Any = engine._module
    began = monotonic()
    with torch.inference_mode():
        cache, tokens = DynamicCache(config=module.config), prompt
        for _ in range(STEPS + 1):
            told = module(input_ids=torch.tensor([tokens]), cache=cache, use_cache=True, logits_to_keep=1)
            tokens = [int(told.logits[0, -1].argmax())]
    return monotonic() - began


def of_onnx(engine: OnnxEngine, prompt: list[int]) -> float:
    """Seconds of ONNX Runtime's calls alone, in the engine's session."""
    from onnxruntime import OrtValue

    graph: Any = engine._graph
    session, names = graph._session, [output.name for output in graph._session.get_outputs()]
    began = monotonic()
    past, tokens = graph.empty(), prompt
    for _ in range(STEPS + 1):
        feeds = {f"past.{place}": value for place, value in enumerate(past)}
        feeds["input_ids"] = OrtValue.ortvalue_from_numpy(np.array([tokens], np.int64))
        feeds["keep"] = OrtValue.ortvalue_from_numpy(np.array([len(tokens) - 1], np.int64))
        logits, *past = session.run_with_ort_values(names, feeds)
        tokens = [int(logits.numpy()[0, -1].argmax())]
    return monotonic() - began


async def measured(backend: InProcess) -> float:
    """Seconds of a whole request."""
    began = monotonic()
    request = await backend.request(Call(0, Phase.MEASURED, "p", "x" * PROMPT, STEPS + 1, 1, 0.0))
    spent = monotonic() - began
    if not request.outcome.usable or len(request.tokens) != STEPS + 1:
        raise SystemExit(f"a request failed: {request.outcome}")
    return spent


async def pairs(engine: Engine, bare: Bare, name: str, seconds: float) -> tuple[list[float], list[float]]:
    """What both took, pair by pair, in the order A B B A, for about so many seconds."""
    backend = InProcess(engine)
    await backend.start(model(name), {"threads": 1, "num_ctx": 256})
    prompt = engine.encode("x" * PROMPT)
    ours: list[float] = []
    theirs: list[float] = []
    with ThreadPoolExecutor(1) as alone:
        loop = asyncio.get_running_loop()
        for _ in range(WARMUP):
            await measured(backend)
            await loop.run_in_executor(alone, bare, engine, prompt)
        settle_memory()
        until = monotonic() + seconds
        while monotonic() < until or len(ours) % 2:
            for is_ours in (True, False) if len(ours) % 2 else (False, True):
                if is_ours:
                    ours.append(await measured(backend))
                else:
                    theirs.append(await loop.run_in_executor(alone, bare, engine, prompt))
    await backend.stop()
    return ours, theirs


class Costless(TorchEngine):
    """The engine without its forward passes, so that what remains is the measurement."""

    _known = np.zeros(50_257, np.float32)

    def _run(self, tokens: list[int], cache: object, last: int) -> Logits:
        return self._known


def load_s(name: str) -> float:
    done = subprocess.run([sys.executable, "-c", LOAD.format(name=name)], capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def judged(ours: list[float], theirs: list[float]) -> str:
    """The ratio with its interval beside the goal."""
    found = compare_paired_ratio(np.array(ours), np.array(theirs)).estimate
    if found.interval is None:
        return f"{found.value:.4f} x, no interval"
    low, high = found.interval.low, found.interval.high
    met = "met" if high <= GOAL else "MISSED" if low > GOAL else "not shown"
    return f"{found.value:.4f} x [{low:.4f}, {high:.4f}] over {len(ours)} pairs (goal: {GOAL} x; {met})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120, help="for each engine")
    parser.add_argument("--model", default="gpt2-25m")
    asked = parser.parse_args()
    engines: tuple[tuple[str, Engine, Bare], ...] = (
        ("PyTorch", TorchEngine(), of_torch),
        ("ONNX Runtime", OnnxEngine(), of_onnx),
    )
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        for library, engine, bare in engines:
            ours, theirs = runner.run(pairs(engine, bare, asked.model, asked.seconds))
            print(f"measurement over bare {library} ({asked.model}, {PROMPT} + {STEPS} tokens): {judged(ours, theirs)}")
        empty, loop = runner.run(pairs(Costless(), of_engine, asked.model, COSTLESS_S))
    added = median(empty) - median(loop)
    print(f"  where nothing is computed it adds {added * 1e6:.0f} us, {added / median(theirs):.3%} of that loop")
    load_s(SMOLLM2_135M.name)
    second = load_s(SMOLLM2_135M.name)
    print(f"second load of {SMOLLM2_135M.name}: {second:.2f} s (goal: {LOAD_GOAL_S} s; ", end="")
    print("met)" if second <= LOAD_GOAL_S else "MISSED)")


if __name__ == "__main__":
    main()
