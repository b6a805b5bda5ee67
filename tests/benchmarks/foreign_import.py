"""Time and memory of importing a large file of another tool, beside decoding the same file line by line or at once.

Goal: 1 GB within 60 s and 1 GB of memory. Decoding alone is what any reader pays: the import is given as a multiple of
decoding a part of the file with the standard library in the same run.
``python tests/benchmarks/foreign_import.py [MEGABYTES] [FOLDER]``
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from measured import run

ROOT = Path(__file__).resolve().parents[2]
GOAL_S, GOAL_MB = 60.0, 1000.0
TOKENS = 128
COMMAND = "from harness.cli import main; import sys; sys.exit(main())"


def guidellm(size: int, random: Random) -> Iterator[str]:
    """The JSON of guidellm 0.8.1 of about ``size`` bytes."""
    yield '{"metadata": {"guidellm_version": "0.8.1"}, '
    yield '"benchmarks": [{"config": {"strategy": {"type_": "throughput"}}, '
    yield '"metrics": {}, "requests": {"successful": ['
    written, start = 0, 1_795_000_000.0
    while written < size:
        start += random.expovariate(50)
        first, last = start + random.uniform(0.03, 0.06), start + random.uniform(1.2, 1.5)
        timings = {
            "targeted_start": start,
            "request_start": start,
            "first_token_iteration": first,
            "last_token_iteration": last,
            "request_end": last + 0.001,
        }
        row = {
            "request_id": str(written),
            "request_args": json.dumps({"body": {"messages": ["word " * 300]}}),
            "output": " word" * TOKENS,
            "info": {"status": "completed", "timings": timings, "error": None},
            "output_tokens": TOKENS,
            "prompt_tokens": 300,
            "request_latency": last + 0.001 - start,
            "time_per_output_token_ms": (last - start) * 1000 / TOKENS,
        }
        text = ("," if written else "") + json.dumps(row)
        written += len(text)
        yield text
    yield '], "errored": [], "incomplete": []}}]}'


def aiperf(size: int, random: Random) -> Iterator[str]:
    """AIPerf's records of about ``size`` bytes."""
    written, start = 0, 1_795_000_000 * 10**9
    while written < size:
        start += int(random.expovariate(50) * 1e9)
        gaps = [random.uniform(8, 12) for _ in range(TOKENS - 1)]
        metrics = {
            "request_latency": {"value": 40.0 + sum(gaps), "unit": "ms"},
            "time_to_first_token": {"value": 40.0, "unit": "ms"},
            "inter_chunk_latency": {"value": gaps, "unit": "ms"},
            "output_sequence_length": {"value": TOKENS, "unit": "tokens"},
        }
        metadata = {"credit_issued_ns": start, "request_start_ns": start, "request_end_ns": start + 2 * 10**9}
        text = json.dumps({"metadata": metadata, "metrics": metrics}) + "\n"
        written += len(text)
        yield text


def vllm(size: int, random: Random) -> Iterator[str]:
    """The JSON of ``vllm bench serve --save-detailed`` of about ``size`` bytes."""
    count = max(1, size // (TOKENS * 28))
    yield f'{{"endpoint_type": "openai-chat", "model_id": "m", "num_prompts": {count}, "completed": {count}, '
    yield '"request_rate": "inf", "max_concurrency": 64, "duration": 1000.0'
    columns: dict[str, Callable[[], object]] = {
        "input_lens": lambda: 300,
        "output_lens": lambda: TOKENS,
        "ttfts": lambda: random.uniform(0.03, 0.06),
        "itls": lambda: [random.uniform(0.008, 0.012) for _ in range(TOKENS - 1)],
        "start_times": lambda: random.uniform(3000, 4000),
        "generated_texts": lambda: " word" * TOKENS,
        "errors": lambda: "",
    }
    for name, value in columns.items():
        yield f', "{name}": ['
        for place in range(count):
            yield ("," if place else "") + json.dumps(value())
        yield "]"
    yield "}"


def decoding(path: Path) -> float:
    """Seconds that the standard library takes for each megabyte of a file, from its first megabytes."""
    with path.open(encoding="utf-8") as file:
        text = file.read(8 << 20)
    objects = text.count('{"request_id"') or text.count("\n") or 1
    sample = json.dumps([[0.0101] * TOKENS] * objects)
    began = time.perf_counter()
    for _ in range(5):
        json.loads(sample)
    return (time.perf_counter() - began) / (5 * len(sample) / 1e6)


def main() -> None:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as name:
        folder = Path(name)
        for maker in (guidellm, aiperf, vllm):
            path = folder / f"{maker.__name__}.json"
            with path.open("w", encoding="utf-8") as file:
                for text in maker(megabytes * 10**6, Random(1)):
                    file.write(text)
            size = path.stat().st_size / 1e6
            took = run(
                [sys.executable, "-c", COMMAND, "import", str(path), "--data", str(folder / "data")],
                folder,
                {"PYTHONPATH": str(ROOT)},
            )
            good = took.wall <= GOAL_S * size / 1000 and took.peak <= GOAL_MB
            print(f"{maker.__name__}: {size:,.0f} MB, {took}; {took.cpu / (decoding(path) * size):.1f} × decoding")
            print(f"goal {GOAL_S * size / 1000:.1f} s and {GOAL_MB:.0f} MB: {'reached' if good else 'MISSED'}")
            path.unlink()


if __name__ == "__main__":
    main()
