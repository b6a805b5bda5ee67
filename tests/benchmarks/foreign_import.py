"""Time and memory of importing large files of other tools, beside decoding as much JSON with the standard library.

Goal: 1 GB within 60 s and 1 GB of memory, of each tool whose files grow with the requests. The import is given as a
multiple of what the standard library takes in the same run for lists of numbers of the same size.
``python tests/benchmarks/foreign_import.py [MEGABYTES] [FOLDER]``
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from foreign_files import TOKENS, aiperf, genai_perf, guidellm, inference_perf, loadgen, vllm
from measured import run

ROOT = Path(__file__).resolve().parents[2]
GOAL_S, GOAL_MB = 60.0, 1000.0
COMMAND = "from harness.cli import main; import sys; sys.exit(main())"


def decoding() -> float:
    """Seconds that the standard library takes for each megabyte of lists of numbers."""
    sample = json.dumps([[0.0101] * TOKENS] * 2000)
    began = time.perf_counter()
    for _ in range(5):
        json.loads(sample)
    return (time.perf_counter() - began) / (5 * len(sample) / 1e6)


def main() -> None:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as name:
        folder = Path(name)
        for maker in (guidellm, aiperf, vllm, genai_perf, inference_perf, loadgen):
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
            print(f"{maker.__name__}: {size:,.0f} MB, {took}; {took.cpu / (decoding() * size):.1f} × decoding")
            print(f"goal {GOAL_S * size / 1000:.1f} s and {GOAL_MB:.0f} MB: {'reached' if good else 'MISSED'}")
            path.unlink()


if __name__ == "__main__":
    main()
