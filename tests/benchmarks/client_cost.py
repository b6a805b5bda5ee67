"""What the client costs: decode tokens/s seen through it, over the engine's own counter for the same requests.

    python -m tests.benchmarks.client_cost [--model NAME] [--threads N] [--rounds N] [--tokens N]

Goal: a ratio of at least 0.98 at 1 and at 4 streams. Both rates divide n - 1 tokens by the time from the first token to
the last, so that the ratio compares clocks, not conventions. The raw line is a lone ``httpx`` stream of the same
engine, in the same run, alternating with ours.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator

import httpx

from harness.backends.llama_cpp import LlamaCpp
from harness.backends.llama_cpp_wire import body
from harness.client.event_loop import new_event_loop
from harness.design import Value
from harness.events import Phase, Request
from harness.models import MODELS, SMOLLM2_135M
from harness.protocols import Call

GOAL = 0.98


def call(index: int, stream: int, tokens: int) -> Call:
    text = f"{index:03d}-{stream}: Tell me something funny about a robot and its cat."
    return Call(index, Phase.MEASURED, "p", text, tokens, index, stream=stream)


def ratio(request: Request) -> float:
    """Client's decode rate over the engine's."""
    counters = request.counters
    if not request.outcome.usable or counters.predicted_n is None or not counters.predicted_ms:
        raise SystemExit(f"a request failed: {request.outcome}")
    client = (sum(request.tokens) - 1) / ((request.arrivals_ns[-1] - request.arrivals_ns[0]) / 1e6)
    return client / ((counters.predicted_n - 1) / counters.predicted_ms)


async def plain_httpx(address: str, asked: Call) -> float:
    """The same ratio through ``httpx`` as it is commonly used: a line, a ``json.loads``, a clock."""
    arrivals, timings = [], {}
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        async for record in _records(client, f"{address}/completion", asked):
            if record["content"]:
                arrivals.append(time.monotonic_ns())
            timings = record.get("timings", timings)
    rate = (len(arrivals) - 1) / ((arrivals[-1] - arrivals[0]) / 1e6)
    return rate / ((timings["predicted_n"] - 1) / timings["predicted_ms"])


async def _records(client: httpx.AsyncClient, url: str, asked: Call) -> AsyncIterator[dict[str, object]]:
    async with client.stream("POST", url, json=body(asked)) as response:
        async for line in response.aiter_lines():
            if line.startswith("data: "):
                yield json.loads(line[6:])


async def measure(options: argparse.Namespace, streams: int) -> None:
    backend = LlamaCpp()
    settings: dict[str, Value] = {"num_ctx": 512, "parallel": streams, "threads": options.threads}
    try:
        await backend.start(MODELS[options.model], settings)
        assert backend.address is not None
        await backend.request(call(0, 0, options.tokens))
        ours: list[float] = []
        plain: list[float] = []
        for index in range(1, options.rounds + 1):
            calls = [call(index, stream, options.tokens) for stream in range(streams)]
            ours += map(ratio, await asyncio.gather(*map(backend.request, calls)))
            plain += await asyncio.gather(*(plain_httpx(backend.address, asked) for asked in calls))
    finally:
        await backend.stop()
    report(streams, ours, plain)


def report(streams: int, ours: list[float], plain: list[float]) -> None:
    middle = statistics.median(ours)
    print(
        f"{streams} stream(s), n={len(ours)}: client / engine decode rate "
        f"median {middle:.4f}, min {min(ours):.4f}, max {max(ours):.4f}; plain httpx median "
        f"{statistics.median(plain):.4f}; goal {GOAL}: {'met' if middle >= GOAL else 'MISSED'}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=SMOLLM2_135M.name, choices=sorted(MODELS))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tokens", type=int, default=64)
    options = parser.parse_args()
    for streams in (1, 4):
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.run(measure(options, streams))


if __name__ == "__main__":
    main()
