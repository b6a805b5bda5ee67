"""What telemetry costs: decode time with all probes polling, over decode time without, interleaved.

    python -m tests.benchmarks.probe_cost [--pairs 30] [--tokens 256]

Goal: at most 0.5 % more. One engine serves both arms; within a pair the order alternates (on, off; off, on), so that a
drifting machine favours neither. Probes poll as they do in a run, and the flags are computed.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Sequence

import numpy as np

from harness.backends.event_loop import new_event_loop
from harness.backends.llama_cpp import LlamaCpp
from harness.events import Phase, Request
from harness.models import SMOLLM2_135M
from harness.probes.poller import Poller
from harness.protocols import Call
from harness.stats.paired import compare_paired_ratio
from harness.validity import run_flags

GOAL = 1.005


def call(index: int, tokens: int) -> Call:
    return Call(index, Phase.MEASURED, "p", f"{index:05d}: Tell me something about a robot.", tokens, index)


def per_token_ms(request: Request) -> float:
    if not request.outcome.usable:
        raise SystemExit(f"a request failed: {request.outcome}")
    return (request.arrivals_ns[-1] - request.arrivals_ns[0]) / (sum(request.tokens) - 1) / 1e6


async def watched(backend: LlamaCpp, asked: Call, *, probes: bool) -> float:
    if not probes:
        return per_token_ms(await backend.request(asked))
    poller = Poller.named()
    poller.start(backend.engine_pid)
    request = await backend.request(asked)
    readings = poller.stop()
    run_flags([request], poller.facts(), readings)
    return per_token_ms(request)


async def measure(pairs: int, tokens: int) -> tuple[list[float], list[float]]:
    """Time per token with and without probes, one pair per index."""
    backend = LlamaCpp()
    on: list[float] = []
    off: list[float] = []
    try:
        await backend.start(SMOLLM2_135M, {"num_ctx": 512, "threads": 1})
        await backend.request(call(0, tokens))
        for pair in range(pairs):
            for probes in (pair % 2 == 0, pair % 2 == 1):
                (on if probes else off).append(
                    await watched(backend, call(len(on) + len(off) + 1, tokens), probes=probes)
                )
    finally:
        await backend.stop()
    return on, off


async def idle_ms(seconds: float) -> float:
    """CPU time in ms that all probes use in a second in which nothing else happens."""
    poller = Poller.named()
    poller.start(None)
    began = time.process_time()
    await asyncio.sleep(seconds)
    spent = time.process_time() - began
    poller.stop()
    return spent / seconds * 1e3


def report(on: Sequence[float], off: Sequence[float]) -> None:
    found = compare_paired_ratio(np.array(on), np.array(off)).estimate
    low, high = (found.interval.low, found.interval.high) if found.interval else (float("nan"), float("nan"))
    print(f"time per token: {np.median(on):.3f} ms with probes, {np.median(off):.3f} ms without, {found.n} pairs")
    print(f"ratio {found.value:.4f}, 95 % interval {low:.4f} to {high:.4f}; goal at most {GOAL}")


def main() -> None:
    """Prints the ratio and its interval."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--tokens", type=int, default=256)
    arguments = parser.parse_args()
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        print(f"all probes, nothing else: {runner.run(idle_ms(4.0)):.2f} ms of CPU time a second")
        on, off = runner.run(measure(arguments.pairs, arguments.tokens))
    report(on, off)


if __name__ == "__main__":
    main()
