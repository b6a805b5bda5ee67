"""How fast memory can be copied: the roofline that an engine's own traffic is set against.

As STREAM's *copy*: arrays too large for the caches, the best of several passes, and both what is read and what is
written counts. Each thread copies a part of its own at the same time as the others.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter_ns

import numpy as np

from ..events import Scalar

PASSES = 6
ARRAYS_PER_CACHE = 4
LEAST_BYTES, MOST_BYTES = 64 << 20, 512 << 20
_CACHES = Path("/sys/devices/system/cpu/cpu0/cache")
_SUFFIXES = {"K": 1 << 10, "M": 1 << 20}


def copy_facts(threads: int) -> dict[str, Scalar]:
    """Facts of a run: bytes read and written per second, with how many threads and which size of an array.

    The rate is null where there is no memory for the arrays, which is no reason to lose the run.
    """
    size = array_bytes()
    try:
        rate = copy_bytes_per_s(threads, size)
    except MemoryError:
        rate = None
    return {
        "copy.bytes_per_s": rate,
        "copy.threads": threads,
        "copy.array_bytes": size,
    }


def copy_bytes_per_s(threads: int, size: int, passes: int = PASSES) -> float:
    """The best of ``passes`` copies of ``size`` bytes; the first, which also has to find the memory, does not count."""
    source, target = np.ones(size, np.uint8), np.empty(size, np.uint8)
    parts = list(zip(np.array_split(source, threads), np.array_split(target, threads), strict=True))
    with ThreadPoolExecutor(threads) as pool:
        taken = [_pass(pool, parts) for _ in range(passes + 1)]
    return 2 * size / (min(taken[1:]) / 1e9)


def _pass(pool: ThreadPoolExecutor, parts: list[tuple[np.ndarray, np.ndarray]]) -> int:
    began = perf_counter_ns()
    for _ in pool.map(lambda part: np.copyto(part[1], part[0]), parts):
        pass
    return perf_counter_ns() - began


def array_bytes(caches: Path = _CACHES) -> int:
    """Four times the last level of cache, within bounds; the least where the system does not tell its caches."""
    sizes = [_size(path) for path in caches.glob("index*/size")]
    return min(MOST_BYTES, max(LEAST_BYTES, ARRAYS_PER_CACHE * max(sizes, default=0)))


def _size(path: Path) -> int:
    """What a file such as ``32768K`` says, in bytes; 0 where it says nothing."""
    try:
        said = path.read_text(encoding="ascii").strip()
        return int(said[:-1]) * _SUFFIXES[said[-1]]
    except (OSError, ValueError, KeyError, IndexError):
        return 0
