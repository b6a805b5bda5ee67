"""How far our client is from the truth, beside plain httpx, a bare socket loop and guidellm, in one run.

    python -m tests.benchmarks.client_error [--rounds 3] [--seconds 1.0] [--guidellm PYTHON] [--shared]

Every cell runs each client in a fresh process, in turn, against one pacer that logs its own writes. The TTFT error
compares the client's time from the planned start with the server's time from the request's arrival. guidellm joins at
64 streams, where it is installed (`make peers`). ``c_client.py`` sets ours beside a client in C.

The pacer has the first processor and the clients have the others, as if it were another machine: what is in question is
the client. ``--shared`` leaves both to the scheduler, which at times puts them on one processor; then even the bare
sockets wait for milliseconds. Load on the machine goes straight into the results, so the share of time that others took
is printed with them.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from harness.calibration.pacer.truth import GroundTruth, Pace
from harness.calibration.written import Written
from harness.probes.machine_load import LoadMeter
from tests.benchmarks.bare_client import job_lines
from tests.benchmarks.guidellm_client import ABSENT, has_guidellm, ttft_errors
from tests.support.peers import PYTHON

CLIENTS = ("ours", "httpx", "sockets")
STREAMS = (1, 16, 64)
RATES = (50, 200, 1000)
MOST, GOAL = 64, 20.0
"""Streams at which the median TTFT error of each other client must be this many times ours."""
LEAD_NS = 400_000_000
LADDER = tuple(round(4 * 1.5**k) for k in range(15))
"""Tokens per second per stream at 64 streams: 4, 6, ... 1168."""


@dataclass
class Errors:
    """Of one client at one load, all rounds together; ms."""

    ttft: list[float] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)
    chunks_per_s: list[float] = field(default_factory=list)

    def p(self, quantile: float, values: Sequence[float]) -> float:
        return float(np.quantile(values, quantile))


def play(
    pacer: GroundTruth,
    client: str,
    paces: Sequence[Pace],
    into: Errors,
    stagger_ns: int = 313_000,
    program: Path | None = None,
) -> None:
    """One client against all ``paces`` at once, begun ``stagger_ns`` apart; ``program`` is one in C."""
    job: dict[str, Any] = {
        "host": pacer.host,
        "port": pacer.port,
        "paths": [f"/completion?{pace.query()}" for pace in paces],
        "stagger_ns": stagger_ns,
        "lead_ns": LEAD_NS,
        "processors": sorted(processors()[pacer.cpu is not None :]),
    }
    command = [str(program)] if program else [sys.executable, "-m", "tests.benchmarks.streaming_clients", client]
    said = job_lines(job) if program else json.dumps(job)
    done = subprocess.run(command, input=said, capture_output=True, text=True, check=True, timeout=300)
    answer = json.loads(done.stdout)
    log = pacer.take_log()
    truth = {pace.id: log[pace.id] for pace in paces}
    into.cpu_s.append(answer["cpu_s"])
    for pace, (planned, stamps) in zip(paces, answer["seen"], strict=True):
        compare(planned, stamps, truth[pace.id], into)
    first = min(w.writes_ns[0] for w in truth.values())
    last = max(w.writes_ns[-1] for w in truth.values())
    into.chunks_per_s.append(sum(len(w.writes_ns) for w in truth.values()) / max(1, last - first) * 1e9)


def processors() -> list[int]:
    """Those that this process may use."""
    return sorted(os.sched_getaffinity(0))


def compare(planned: int, stamps: Sequence[int], truth: Written, into: Errors) -> None:
    """Adds one stream's errors. Raises ``RuntimeError`` where the client lost or invented a token."""
    if len(stamps) != len(truth.writes_ns):
        raise RuntimeError(f"{len(stamps)} arrivals of {len(truth.writes_ns)} writes")
    into.ttft.append(((stamps[0] - planned) - (truth.writes_ns[0] - truth.seen_ns)) / 1e6)
    into.gaps += list(np.abs(np.diff(stamps) - np.diff(truth.writes_ns)) / 1e6)


def paces(streams: int, rate: float, seconds: float, ttft_ms: float = 20.0) -> list[Pace]:
    """Equal streams; a long ``ttft_ms`` keeps a client's slow connecting out of its tokens."""
    tokens = max(4, round(rate * seconds))
    return [Pace(str(k), ttft_ms, 1000.0 / rate, tokens) for k in range(streams)]


def grid(pacer: GroundTruth, rounds: int, seconds: float) -> Iterator[tuple[int, int, dict[str, Errors]]]:
    """Every load with each client in turn, round after round (A B C A B C)."""
    for streams in STREAMS:
        for rate in RATES:
            found: dict[str, Errors] = defaultdict(Errors)
            for _ in range(rounds):
                for client in CLIENTS:
                    play(
                        pacer,
                        client,
                        paces(streams, rate, seconds / (10 if streams * rate > 20_000 else 1)),
                        found[client],
                    )
            yield streams, rate, found


def sustained(pacer: GroundTruth, client: str, limit_ms: float = 1.0) -> float:
    """The most chunks/s at 64 streams, evenly out of step, with p99 gap error within the limit.

    Each rung has three tries, and the climb ends after three rungs in a row that none of them passed.
    """
    best, missed = 0.0, 0
    for rate in LADDER:
        tries = (_try(pacer, client, rate) for _ in range(3))
        passed = next((e for e in tries if e.p(0.99, e.gaps) <= limit_ms), None)
        missed = 0 if passed else missed + 1
        if passed:
            best = passed.chunks_per_s[0]
        elif missed == 3:
            break
    return best


def _try(pacer: GroundTruth, client: str, rate: float) -> Errors:
    errors = Errors()
    asked = paces(64, rate, max(0.5, 8 / rate), ttft_ms=500.0)
    play(pacer, client, asked, errors, stagger_ns=round(1e9 / rate / 64))
    return errors


def _against(client: str, theirs: Sequence[float], ours: Sequence[float], *, judged: bool) -> str:
    middle, p99 = np.quantile(theirs, (0.5, 0.99))
    ratio = middle / float(np.median(ours))
    said = f"; goal {GOAL:g}: {'met' if ratio >= GOAL else 'MISSED'}" if judged else ""
    figures = f"mean {statistics.fmean(theirs):.2f}, p50 {middle:.2f}, p99 {p99:.2f} ms"
    return f"{'':>14}  {client}: TTFT error {figures}; median {ratio:.1f} times ours{said}"


def main() -> None:
    """Prints the grid, the goals and the sustained rates."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--guidellm", metavar="PYTHON", default=str(PYTHON), help="an interpreter that has guidellm")
    parser.add_argument("--shared", action="store_true", help="pacer and clients on the same processors")
    arguments = parser.parse_args()
    guidellm = arguments.guidellm if has_guidellm(arguments.guidellm) else None
    if guidellm is None:
        print(ABSENT)
    meter = LoadMeter()
    meter.read()
    apart = len(processors()) > 1 and not arguments.shared
    print("pacer and clients on processors of their own" if apart else "pacer and clients on the same processors")
    with GroundTruth(processors()[0] if apart else None) as pacer:
        print(f"{'streams':>7} {'tok/s':>6}  {'client':<8} TTFT error p50 / p99 ms   |ITL error| mean / p99 ms   cpu s")
        for streams, rate, found in grid(pacer, arguments.rounds, arguments.seconds):
            for client, e in found.items():
                print(
                    f"{streams:>7} {rate:>6}  {client:<8} {e.p(0.5, e.ttft):>9.3f} / {e.p(0.99, e.ttft):<10.3f}"
                    f" {statistics.fmean(e.gaps):>12.4f} / {e.p(0.99, e.gaps):<10.3f} {statistics.fmean(e.cpu_s):>6.2f}"
                )
            others = {"httpx": found["httpx"].ttft}
            if guidellm and streams == MOST:
                pace = paces(1, rate, arguments.seconds)[0]
                others["guidellm"] = ttft_errors(guidellm, pacer, streams, pace, arguments.rounds)
            for client, theirs in others.items():
                print(_against(client, theirs, found["ours"].ttft, judged=streams == MOST))
        rates = {client: sustained(pacer, client) for client in CLIENTS}
    for client, rate in rates.items():
        print(f"64 streams, p99 |ITL error| <= 1 ms: {client:<8} {rate:>9,.0f} chunks/s")
    if rates["httpx"]:
        print(f"ours / httpx, sustained chunks/s: {rates['ours'] / rates['httpx']:.1f}")
    load = meter.read()
    print(f"others took {load['foreign_cpu']} processors and the hypervisor {load['steal']} over {load['window_s']} s")


if __name__ == "__main__":
    main()
