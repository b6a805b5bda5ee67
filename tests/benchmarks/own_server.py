"""Figures of `harness bench` on the embedded engine: the preflight, and the way from the command to a built page.

    python -m tests.benchmarks.own_server [--model NAME] [--loads 1,2,4]

The preflight is timed beside one plain streamed request of as many tokens to the same server, in turn. The command runs
in an empty folder with ``--quick`` and takes its calibration there; the page is built by a process that finds no cache.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import monotonic

from harness.backends.llama_cpp import LlamaCpp
from harness.datasets.read import Dataset
from harness.models import MODELS, SMOLLM2_135M
from harness.preflight import preflight
from tests.benchmarks.measured import load, run

PREFLIGHT_S, PAGE_S = 3.0, 60.0
ROUNDS, TOKENS = 5, 16
ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def engine(name: str) -> Iterator[str]:
    """The base URL of llama.cpp's own server."""
    started = LlamaCpp()
    try:
        asyncio.run(started.start(MODELS[name], {"num_ctx": 512, "threads": "all"}))
        yield f"{started.address}/v1"
    finally:
        asyncio.run(started.stop())


def time_preflight(name: str) -> None:
    """Prints the median preflight and its ratio to a plain request."""
    body = {"messages": [{"role": "user", "content": "Count aloud."}], "stream": True, "max_tokens": TOKENS}
    with engine(name) as url:
        data, kind = json.dumps(body).encode(), {"Content-Type": "application/json"}
        asked = urllib.request.Request(f"{url}/chat/completions", data, kind)
        took: list[float] = []
        plain: list[float] = []
        for _ in range(ROUNDS):
            began = monotonic()
            found = preflight("openai_http", "", {"base_url": url, "endpoint": "chat"})
            took.append(monotonic() - began)
            began = monotonic()
            with urllib.request.urlopen(asked) as answer:
                answer.read()
            plain.append(monotonic() - began)
    middle, ratio = median(took), median(took) / median(plain)
    said = "met" if middle <= PREFLIGHT_S else "MISSED"
    print(f"preflight: {middle:.2f} s, {found.requests} requests, {ratio:.2f} x one; goal {PREFLIGHT_S:g} s: {said}")


def time_page(name: str, loads: str) -> None:
    """Prints how long the command and the build take together."""
    with tempfile.TemporaryDirectory() as folder:
        place, environment = Path(folder), {"PYTHONPATH": str(ROOT)}
        asked = ["bench", f"llama.cpp:{name}", "--quick", "--concurrency", loads, "--name", "figures"]
        bench = run([sys.executable, "-m", "harness", *asked], place, environment)
        build = run(
            [sys.executable, "-m", "hooks.cli", "build", "--data", "bench", "--out", "site"], place, environment
        )
        assert (place / "site" / "servers" / "bench-figures.html").is_file()
        dataset = Dataset.open(place / "bench" / "bench-figures" / "v1")
        inside = sum(dataset.runs["duration_ns"].to_pylist()) / 1e9
    whole = bench.wall + build.wall
    said = "met" if whole <= PAGE_S else "MISSED"
    print(f"harness bench --quick at {loads}: {bench}; {inside:.1f} s of it inside {dataset.runs.num_rows} runs")
    print(f"reports build: {build}")
    print(f"command to page: {whole:.1f} s, {whole / inside:.1f} x the runs; goal {PAGE_S:g} s: {said}")


def main() -> None:
    """Prints both figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--model", default=SMOLLM2_135M.name, choices=sorted(MODELS))
    parser.add_argument("--loads", default="1,2,4")
    arguments = parser.parse_args()
    print(load())
    time_preflight(arguments.model)
    time_page(arguments.model, arguments.loads)


if __name__ == "__main__":
    main()
