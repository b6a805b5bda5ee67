"""Short requests a second of one client process: ours beside guidellm's, of the same server in the same run.

    python -m tests.benchmarks.short_requests [--streams 64] [--requests 150] [--guidellm PYTHON]

Each stream asks the pacer for one token without a wait, again and again; every request has a connection of its own in
ours. Both are counted by the server: the most requests that it saw within one second, so that starting up counts for
neither. The pacer has a processor of its own, and what it used of it is printed: near 1, it is the server that is
measured. mlcommons/endpoints says of itself that it targets 50,000 a second; that is of many processes on many
processors, over connections that stay open.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
from bisect import bisect_left
from collections.abc import Iterable

import psutil

from harness.backends.openai.agreed import Agreed
from harness.backends.openai_wire import DIALECT, agreed_body
from harness.calibration.pacer.truth import GroundTruth, Pace
from harness.calibration.written import Written
from harness.client.event_loop import new_event_loop, settle_memory
from harness.client.exchange import Target
from harness.client.measured_request import measure
from harness.events import Phase, Request
from harness.probes.machine_load import LoadMeter
from harness.protocols import Call
from harness.workload import closed_loop
from tests.benchmarks.guidellm_client import ABSENT, guidellm_report, has_guidellm
from tests.support.peers import PYTHON

GOAL = 5.0
SHORT = Pace("", ttft_ms=0.0, itl_ms=0.0, tokens=1)
SECOND_NS = 1_000_000_000


async def ours(host: str, port: int, streams: int, requests: int) -> list[Request]:
    """The measured path and nothing left out: exchange, stamps, decoding, the record."""
    target = Target(host, port, "/v1/completions")
    form = Agreed(f"http://{host}:{port}/v1", "completions", "pacer")

    async def ask(call: Call) -> Request:
        return await measure(call, target, agreed_body(call, form), DIALECT)

    calls = [
        [Call(k * requests + i, Phase.MEASURED, "p", "Say tok.", 1, 1, stream=k) for i in range(requests)]
        for k in range(streams)
    ]
    return await closed_loop(ask, calls)


def most_in_a_second(log: Iterable[Written]) -> int:
    """The most requests that arrived within one second; of a shorter run, the rate over all of it."""
    seen = sorted(stream.seen_ns for stream in log)
    if seen[-1] - seen[0] < SECOND_NS:
        return round((len(seen) - 1) / (seen[-1] - seen[0]) * SECOND_NS)
    return max(bisect_left(seen, at + SECOND_NS) - k for k, at in enumerate(seen))


def served(pacer: GroundTruth, client: str, arguments: argparse.Namespace) -> int:
    """Requests a second of one client, printed with what the pacer used."""
    process = psutil.Process(pacer.pid)
    pacer.take_log()
    cpu = sum(process.cpu_times()[:2])
    if client == "ours":
        job = [pacer.host, pacer.port, arguments.streams, arguments.requests]
        command = [sys.executable, "-m", __spec__.name, "--job", json.dumps(job)]
        subprocess.run(command, check=True, timeout=300)
    else:
        guidellm_report(arguments.guidellm, pacer, arguments.streams, SHORT, arguments.requests)
    used = sum(process.cpu_times()[:2]) - cpu
    log = pacer.take_log().values()
    span = (max(one.writes_ns[-1] for one in log) - min(one.seen_ns for one in log)) / SECOND_NS
    most = most_in_a_second(log)
    print(
        f"{client:<9} {most:>7,} requests/s, {len(log):,} in {span:.1f} s; the pacer used {used / span:.2f} processors"
    )
    return most


def main() -> None:
    """Prints both rates and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--streams", type=int, default=64)
    parser.add_argument("--requests", type=int, default=150, help="of each stream")
    parser.add_argument("--guidellm", metavar="PYTHON", default=str(PYTHON), help="an interpreter that has guidellm")
    parser.add_argument("--job", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    processors = sorted(os.sched_getaffinity(0))
    if arguments.job:
        os.sched_setaffinity(0, processors[len(processors) > 1 :])
        settle_memory()
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            failed = [one.outcome for one in runner.run(ours(*json.loads(arguments.job))) if not one.outcome.usable]
        sys.exit(f"{len(failed)} requests failed: {failed[0]}" if failed else 0)
    meter = LoadMeter()
    meter.read()
    with GroundTruth(processors[0] if len(processors) > 1 else None, unasked=SHORT) as pacer:
        mine = served(pacer, "ours", arguments)
        if has_guidellm(arguments.guidellm):
            theirs = served(pacer, "guidellm", arguments)
            said = "met" if mine >= GOAL * theirs else "MISSED"
            print(f"ours over guidellm's: {mine / theirs:.1f}; goal {GOAL:g}: {said}")
        else:
            print(ABSENT)
    load = meter.read()
    print(f"others took {load['foreign_cpu']} processors and the hypervisor {load['steal']} over {load['window_s']} s")


if __name__ == "__main__":
    main()
