"""A trace of a million requests, replayed faster than it was, against the pacer: how late is a request sent?

    python -m tests.benchmarks.trace_replay [--requests 1000000] [--rates 250,500,1000,1500,2000] [--check 20000]

The trace is made here, in the format of Azure's LLM inference traces, and read by the harness's own reader. Its lengths
are log-normal around the medians that Patel et al. (Splitwise, ISCA 2024, section III) print for those traces:
conversation 1,020 tokens of prompt and 129 of answer, coding 1,500 and 13. Its gaps between arrivals are of a gamma
distribution with a coefficient of variation of 2, the form that Wang et al. (BurstGPT, 2024) fit to theirs; the 2 is
our own choice. Answers are scaled to a hundredth, at least one token.

First each rate replays the beginning of the trace; the highest one that sends 99 of 100 requests at most 2 ms late is
the calibrated rate. Then the whole trace is replayed at that rate. A request is late by the time from its planned start
to the moment at which it was sent, so that no request that waits is left out. Client and pacer have a processor each.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import numpy as np

from harness.backends.openai.agreed import Agreed
from harness.backends.openai_wire import DIALECT, agreed_body
from harness.calibration.pacer.truth import GroundTruth, Pace
from harness.client.event_loop import new_event_loop, settle_memory
from harness.client.exchange import Target
from harness.client.measured_request import measure
from harness.events import Phase, Request
from harness.probes.machine_load import LoadMeter
from harness.protocols import Call
from harness.workload import open_loop
from harness.workload.trace import read_trace

LATE_MS, MEMORY_GB = 2.0, 1.5
MEDIANS = ((1020, 129), (1500, 13))
SPREAD, VARIATION, CONVERSATIONS = 1.0, 2.0, 0.69
SCALE = 0.01
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def write_trace(path: Path, requests: int, seed: int) -> None:
    """``requests`` arrivals at a mean rate of one a second, with the lengths of prompt and answer."""
    rng = np.random.default_rng(seed)
    at = np.cumsum(rng.gamma(VARIATION**-2, VARIATION**2, requests))
    kind = (rng.random(requests) > CONVERSATIONS).astype(int)
    prompts, answers = (
        np.maximum(1, np.array([pair[side] for pair in MEDIANS])[kind] * rng.lognormal(0.0, SPREAD, requests)).astype(
            int
        )
        for side in (0, 1)
    )
    with path.open("w", encoding="utf-8") as out:
        out.write("TIMESTAMP,ContextTokens,GeneratedTokens\n")
        for second, prompt, answer in zip(at, prompts, answers, strict=True):
            out.write(f"{BEGAN + timedelta(seconds=float(second)):%Y-%m-%d %H:%M:%S.%f},{prompt},{answer}\n")


async def replay(host: str, port: int, path: Path, rate: float, requests: int) -> list[Request]:
    """The first ``requests`` of the trace at ``path``, ``rate`` a second in the mean."""
    trace = read_trace(path, rate)
    lengths = trace.lengths[:requests]
    form = Agreed(f"http://{host}:{port}/v1", "completions", "pacer")
    calls = [
        Call(k, Phase.MEASURED, "p", "Say tok.", length.times(SCALE).answer, 1) for k, length in enumerate(lengths)
    ]

    async def ask(call: Call) -> Request:
        path = f"/v1/completions?ttft_ms=0&itl_ms=0&tokens={call.max_tokens}"
        return await measure(call, Target(host, port, path), agreed_body(call, form), DIALECT)

    return await open_loop(ask, calls, trace.offsets_ns[:requests])


def job(host: str, port: int, path: str, rate: float, requests: int) -> None:
    """Replays and prints the figures as JSON; the child process whose memory counts."""
    settle_memory()
    began = monotonic()
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        answered = runner.run(replay(host, port, Path(path), rate, requests))
    late = np.array([(one.sent_ns or 0) / 1e6 for one in answered if one.outcome.usable])
    figures = {
        "requests": len(answered),
        "failed": len(answered) - len(late),
        "p50_ms": float(np.quantile(late, 0.5)),
        "p99_ms": float(np.quantile(late, 0.99)),
        "worst_ms": float(late.max()),
        "seconds": monotonic() - began,
        "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
    }
    print(json.dumps(figures))


def replayed_by_child(pacer: GroundTruth, trace: Path, rate: float, requests: int) -> dict[str, float]:
    """The figures of one replay, printed; a rate that fails requests counts as late without end."""
    command = [
        sys.executable,
        "-m",
        __spec__.name,
        "--job",
        json.dumps([pacer.host, pacer.port, str(trace), rate, requests]),
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    if figures["failed"]:
        figures["p99_ms"] = float("inf")
    print(
        f"{rate:>7,.0f} requests/s: {requests:>9,} requests, {figures['failed']:.0f} failed, sent late by p50 "
        f"{figures['p50_ms']:.3f} ms, p99 {figures['p99_ms']:.3f} ms, worst {figures['worst_ms']:.1f} ms; "
        f"{figures['seconds']:.0f} s, client {figures['peak_gb']:.2f} GB",
        flush=True,
    )
    return figures


def main() -> None:
    """Prints every rate, the calibrated one, and the replay of the whole trace."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--rates", default="250,500,1000,1500,2000")
    parser.add_argument("--check", type=int, default=20_000, help="requests that each rate is tried with")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--job", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    processors = sorted(os.sched_getaffinity(0))
    if arguments.job:
        os.sched_setaffinity(0, processors[len(processors) > 1 :])
        job(*json.loads(arguments.job))
        return
    meter = LoadMeter()
    meter.read()
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "trace.csv"
        write_trace(trace, max(arguments.requests, arguments.check), arguments.seed)
        calibrated = 0.0
        for rate in map(float, arguments.rates.split(",")):
            with GroundTruth(processors[0] if len(processors) > 1 else None, Pace("", 0.0, 0.0, 1)) as pacer:
                if replayed_by_child(pacer, trace, rate, arguments.check)["p99_ms"] > LATE_MS:
                    break
            calibrated = rate
        if not calibrated:
            sys.exit(f"no rate keeps {LATE_MS:g} ms: the machine is not quiet, or it is too slow")
        with GroundTruth(processors[0] if len(processors) > 1 else None, Pace("", 0.0, 0.0, 1)) as pacer:
            figures = replayed_by_child(pacer, trace, calibrated, arguments.requests)
    for name, value, goal in (("p99_ms", figures["p99_ms"], LATE_MS), ("peak_gb", figures["peak_gb"], MEMORY_GB)):
        print(f"{name}: {value:.3g}; goal {goal:g}: {'met' if value <= goal else 'MISSED'}")
    load = meter.read()
    print(f"others took {load['foreign_cpu']} processors and the hypervisor {load['steal']} over {load['window_s']} s")


if __name__ == "__main__":
    main()
