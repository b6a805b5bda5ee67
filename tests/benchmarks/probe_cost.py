"""What telemetry costs: decode time with all probes polling over decode time without, in turn, in one engine's life.

    python -m tests.benchmarks.probe_cost [--minutes 5] [--tokens 192] [--threads 1]

Goal: at most 0.5 % more. Both requests of a pair are the same (prompt, seed, tokens), one after the other, and the
order alternates (on, off; off, on), so that a drifting machine favours neither. Pairs are made until the time is up,
whatever they say. Probes poll as they do in a run; the flags are computed after the request, as there. The verdict is
a test of equivalence at 5 %: *shown* where the upper end of the 90 % interval is within the goal, *missed* where the
lower end is beyond it, *undecided* between. The CPU time of the probes bounds what they can take from an engine that
uses every processor.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import time
from collections.abc import Sequence

import numpy as np

from harness.backends.llama_cpp import LlamaCpp
from harness.client.event_loop import new_event_loop
from harness.events import Phase, Request
from harness.models import SMOLLM2_135M
from harness.probes.machine_load import LoadMeter
from harness.probes.poller import Poller
from harness.protocols import Call
from harness.stats.comparison.paired import compare_paired_ratio
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
    poller.start({"": backend.engine_pid})
    request = await backend.request(asked)
    readings = poller.stop()
    run_flags([request], poller.facts(), readings)
    return per_token_ms(request)


async def measure(minutes: float, tokens: int, threads: int) -> tuple[list[float], list[float]]:
    """Time per token with and without probes, one pair per index."""
    backend = LlamaCpp()
    on: list[float] = []
    off: list[float] = []
    try:
        await backend.start(SMOLLM2_135M, {"num_ctx": 512, "threads": threads})
        await backend.request(call(0, tokens))
        until = time.monotonic() + 60 * minutes
        for pair in itertools.count(1):
            if time.monotonic() > until:
                break
            for probes in (pair % 2 == 0, pair % 2 == 1):
                (on if probes else off).append(await watched(backend, call(pair, tokens), probes=probes))
    finally:
        await backend.stop()
    return on, off


async def cpu_ms(seconds: float, *, probes: bool) -> float:
    """CPU time in ms that this process uses in a second in which nothing happens but its probes, if any."""
    poller = Poller.named()
    if probes:
        poller.start({"": None})
    began = time.process_time()
    await asyncio.sleep(seconds)
    spent = time.process_time() - began
    poller.stop()
    return spent / seconds * 1e3


def verdict(low: float, high: float) -> str:
    """Of the 90 % interval's ends: two one-sided tests at 5 % each."""
    return "shown" if high <= GOAL else "missed" if low > GOAL else "undecided"


def report(on: Sequence[float], off: Sequence[float]) -> None:
    with_probes, without = np.array(on), np.array(off)
    found = compare_paired_ratio(with_probes, without).estimate
    inner = compare_paired_ratio(with_probes, without, alpha=0.1).estimate.interval
    print(f"time per token: {np.median(on):.3f} ms with probes, {np.median(off):.3f} ms without, {found.n} pairs")
    if found.interval is None or inner is None:
        print(f"ratio {found.value:.4f}; too few pairs for an interval")
        return
    print(
        f"ratio {found.value:.4f}, 95 % interval {found.interval.low:.4f} to {found.interval.high:.4f}, 90 % interval"
        f" {inner.low:.4f} to {inner.high:.4f}; goal at most {GOAL}: {verdict(inner.low, inner.high)}"
    )


def main() -> None:
    """Prints the ratio and its interval, what the probes use, and what others took meanwhile."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--tokens", type=int, default=192)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    meter = LoadMeter()
    meter.read()
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        used = runner.run(cpu_ms(4.0, probes=True)) - runner.run(cpu_ms(4.0, probes=False))
        print(f"all probes, nothing else: {used:.2f} ms of CPU a second, at most {used / 10:.2f} % of a processor")
        on, off = runner.run(measure(arguments.minutes, arguments.tokens, arguments.threads))
    report(on, off)
    load = meter.read()
    print(f"others took {load['foreign_cpu']} processors and the hypervisor {load['steal']} over {load['window_s']} s")


if __name__ == "__main__":
    main()
