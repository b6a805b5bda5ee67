"""A million requests: the summary of all cells against the time that pyarrow takes to read the columns.

    python -m tests.benchmarks.analysis [--requests 1000000] [--tokens 16] [--dir DIR]

Prints the ratio and the peak memory of a process that reads and summarises; each measurement has its own process.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from harness.datasets.schema import REQUESTS, RUNS
from harness.metrics.columns import COLUMNS
from harness.metrics.runs import per_runs, select
from harness.stats.intervals.interval import estimate

METRICS = ("ttft", "ttft_from_send", "tpot", "e2e_latency", "decode_tps", "server_decode_tps", "server_prefill_tps")
READ = ["run_id", "phase", *COLUMNS]
CELLS, RUNS_A_CELL = 100, 50
ROWS, BATCH = 100_000, 65_536


def write(folder: Path, requests: int, tokens: int) -> None:
    """Synthetic tables of the dataset schema: ``requests`` in 5,000 runs, streams of ``tokens`` chunks."""
    runs = CELLS * RUNS_A_CELL
    ids = np.array([f"{'%016x' % (run * 2654435761)}" for run in range(runs)])
    cells = np.arange(runs) % CELLS
    columns = {
        "run_id": pa.array(ids),
        "cell_id": pa.array([f"cell{c:03d}" for c in cells]),
        **{name: pa.array(np.arange(runs), pa.int32()) for name in ("replicate", "block", "position", "stratum")},
        "outcome": pa.array(["ok"] * runs),
        "engine": pa.array(["synthetic"] * runs),
        "engine_version": pa.array(["1"] * runs),
        "load_ns": pa.array(np.full(runs, 10**9)),
    }
    pq.write_table(_table(columns, RUNS, runs), folder / "runs.parquet", compression="zstd")
    with pq.ParquetWriter(folder / "requests.parquet", REQUESTS, compression="zstd") as sink:
        for first in range(0, requests, ROWS):
            sink.write_table(_requests(ids, cells, first, min(ROWS, requests - first), requests, tokens))


def _requests(ids: np.ndarray, cells: np.ndarray, first: int, rows: int, total: int, tokens: int) -> pa.Table:
    rng = np.random.default_rng(first)
    owner = (np.arange(first, first + rows) * len(ids)) // total
    gaps = rng.gamma(4, 2_500_000, (rows, tokens)).astype(np.int64)
    gaps[:, 0] += 50_000_000
    offsets = pa.array(np.arange(rows + 1, dtype=np.int32) * tokens)
    failed = rng.random(rows) < 0.01
    columns = {
        "run_id": pa.array(ids[owner]),
        "cell_id": pa.DictionaryArray.from_arrays(
            pa.array(cells[owner], pa.int32()), pa.array([f"cell{c:03d}" for c in range(CELLS)])
        ),
        "position": pa.array(owner, pa.int32()),
        "phase": pa.DictionaryArray.from_arrays(
            pa.array((rng.random(rows) < 0.9).astype(np.int8)), pa.array(["warmup", "measured"])
        ),
        "outcome": pa.DictionaryArray.from_arrays(pa.array(failed.astype(np.int8)), pa.array(["ok", "failed"])),
        "planned_ns": pa.array(np.arange(first, first + rows)),
        "connect_ns": pa.array(np.full(rows, 200_000)),
        "sent_ns": pa.array(rng.integers(1000, 90_000, rows)),
        "end_ns": pa.array(gaps.sum(axis=1)),
        "arrivals_ns": pa.ListArray.from_arrays(offsets, pa.array(np.cumsum(gaps, axis=1).ravel())),
        "tokens": pa.ListArray.from_arrays(offsets, pa.array(np.ones(rows * tokens, np.int32))),
        "engine_prompt_n": pa.array(rng.integers(10, 40, rows)),
        "engine_cache_n": pa.array(np.zeros(rows, np.int64)),
        "engine_prompt_ms": pa.array(rng.gamma(4, 10, rows)),
        "engine_predicted_n": pa.array(np.full(rows, tokens)),
        "engine_predicted_ms": pa.array(rng.gamma(4, 40, rows)),
    }
    return _table(columns, REQUESTS, rows)


def _table(columns: dict[str, pa.Array], schema: pa.Schema, rows: int) -> pa.Table:
    full = [columns[f.name].cast(f.type) if f.name in columns else pa.nulls(rows, f.type) for f in schema]
    return pa.table(full, schema=schema)


def read(folder: Path) -> None:
    """What the summary is measured against: pyarrow reads the same columns and nothing else happens."""
    for _ in pq.ParquetFile(folder / "requests.parquet").iter_batches(BATCH, columns=READ):
        pass


def summary(folder: Path) -> list[tuple[str, str, float, float | None]]:
    """Every metric of every cell, reading included: mean and median over runs, with the median's interval."""
    runs = pq.read_table(folder / "runs.parquet")
    requests = pq.ParquetFile(folder / "requests.parquet").iter_batches(BATCH, columns=READ)
    cells, lines = sorted(set(runs["cell_id"].to_pylist())), []
    for metric_id, values in per_runs(runs, requests, METRICS).items():
        for cell in cells:
            of_cell = select(values, {"cell_id": cell}).present
            middle = estimate(of_cell).interval
            lines.append((metric_id, cell, float(np.mean(of_cell)), middle and middle.low))
    return lines


def measure(folder: Path, what: str) -> dict[str, float]:
    """In this process, five times: the best time, and the peak memory in GB."""
    times = []
    for _ in range(5):
        started = time.perf_counter()
        read(folder) if what == "read" else summary(folder)
        times.append(time.perf_counter() - started)
    return {"seconds": min(times), "gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--tokens", type=int, default=16)
    parser.add_argument("--dir", type=Path, help="where to keep the tables; a temporary folder without it")
    parser.add_argument("--measure", choices=("read", "summary"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.dir, options.measure)))
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.dir or Path(temporary)
        if not (folder / "requests.parquet").exists():
            write(folder, options.requests, options.tokens)
        return report(folder, options.requests, options.tokens)


def report(folder: Path, requests: int, tokens: int) -> int:
    found = {}
    for what in ("read", "summary"):
        command = [sys.executable, "-m", "tests.benchmarks.analysis", "--dir", str(folder), "--measure", what]
        found[what] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    plain, whole = found["read"], found["summary"]
    ratio = whole["seconds"] / plain["seconds"]
    print(f"{requests:,} requests of {tokens} tokens, {CELLS} cells, {len(METRICS)} metrics")
    print(f"pyarrow reads the columns    {plain['seconds']:.2f} s, peak {plain['gb']:.2f} GB")
    print(f"summary of all cells         {whole['seconds']:.2f} s, peak {whole['gb']:.2f} GB, reading included")
    print(f"ratio {ratio:.2f}   (to reach: 3, with 1.5 GB)")
    return 0 if ratio <= 3 and whole["gb"] <= 1.5 else 1


if __name__ == "__main__":
    raise SystemExit(main())
