"""Acknowledged appends per second of the journal, beside the sync rate of the same disk in the same run.

Goal: 2,000 appends/s with group commit, or the disk's sync rate, whichever is lower.
``python tests/benchmarks/journal.py [FOLDER]``
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from harness.recorder.durable import sync_file
from harness.recorder.journal import Journal
from harness.recorder.recover import read

SECONDS = 0.4
ROUNDS = 7
THREADS = 32
PAYLOAD = os.urandom(1024)
GOAL = 2000.0


def rate(work: Callable[[], object], threads: int = 1) -> float:
    """Calls per second of ``work`` from ``threads`` threads at once."""
    counts = [0] * threads
    end = time.perf_counter() + SECONDS

    def loop(who: int) -> None:
        while time.perf_counter() < end:
            work()
            counts[who] += 1

    began = time.perf_counter()
    workers = [threading.Thread(target=loop, args=(who,)) for who in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(counts) / (time.perf_counter() - began)


def disk_rate(folder: Path) -> float:
    """Appending writes of the same size, each followed by a sync: what the disk allows without grouping."""
    fd = os.open(folder / "raw", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write_and_sync() -> None:
        os.write(fd, PAYLOAD)
        sync_file(fd)

    try:
        return rate(write_and_sync)
    finally:
        os.close(fd)


def journal_rate(path: Path, threads: int) -> float:
    with Journal.create(path) as journal:
        return rate(lambda: journal.append(PAYLOAD), threads)


def recovery_rate(path: Path) -> tuple[int, float]:
    """Records and MiB/s of reading a journal back."""
    began = time.perf_counter()
    records = len(read(path).records)
    return records, path.stat().st_size / 2**20 / (time.perf_counter() - began)


def main() -> None:
    parent = sys.argv[1] if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory(dir=parent) as name:
        folder = Path(name)
        rounds = [
            (disk_rate(folder), journal_rate(folder / f"one-{n}", 1), journal_rate(folder / f"many-{n}", THREADS))
            for n in range(ROUNDS)
        ]
        records, speed = recovery_rate(folder / "many-0")
    disk, one, many = (sorted(column)[ROUNDS // 2] for column in zip(*rounds, strict=True))
    print(f"disk: {disk:,.0f} write+sync/s ({len(PAYLOAD)} bytes)")
    print(f"journal, 1 thread: {one:,.0f} acknowledged appends/s, {one / disk:.2f} × the disk")
    print(f"journal, {THREADS} threads: {many:,.0f} acknowledged appends/s, {many / disk:.2f} × the disk")
    print(f"goal {min(GOAL, disk):,.0f}/s: {'reached' if many >= min(GOAL, disk) else 'MISSED'}")
    print(f"recovery: {records:,} records at {speed:,.0f} MiB/s")


if __name__ == "__main__":
    main()
