"""How fast memory is copied and read: the rooflines that an engine's own traffic is set against.

As STREAM measures: arrays too large for the caches, the best of several passes. A copy counts what is read and what is
written. Each thread has a part of its own, at the same time as the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from time import perf_counter_ns

import numpy as np
import numpy.typing as npt

from ..events import Scalar

Words = npt.NDArray[np.uint64]
Part = tuple[Words, Words]

PASSES = 6
ARRAYS_PER_CACHE = 4
LEAST_BYTES, MOST_BYTES = 64 << 20, 512 << 20
_CACHES = Path("/sys/devices/system/cpu/cpu0/cache")
_SUFFIXES = {"K": 1 << 10, "M": 1 << 20}


def bandwidth_facts(threads: int) -> dict[str, Scalar]:
    """Facts of a run: bytes copied and read per second, with how many threads and which size of an array.

    The rates are null where there is no memory for the arrays, which is no reason to lose the run.
    """
    size = array_bytes()
    measured: tuple[float | None, float | None] = (None, None)
    with suppress(MemoryError):
        measured = rates(threads, size)
    return {
        "memory.copied_per_s": measured[0],
        "memory.read_per_s": measured[1],
        "memory.threads": threads,
        "memory.array_bytes": size,
    }


def rates(threads: int, size: int, passes: int = PASSES) -> tuple[float, float]:
    """Bytes read and written per second by a copy of ``size`` bytes, and bytes per second by reading them alone."""
    source, target = np.ones(size // 8, np.uint64), np.empty(size // 8, np.uint64)
    parts = list(zip(np.array_split(source, threads), np.array_split(target, threads), strict=True))
    with ThreadPoolExecutor(threads) as pool:
        copying, reading = (_best(pool, work, parts, passes) for work in (_copy, _read))
    return 2 * source.nbytes / copying, source.nbytes / reading


def _copy(part: Part) -> None:
    np.copyto(part[1], part[0])


def _read(part: Part) -> None:
    np.bitwise_or.reduce(part[0])


def _best(pool: ThreadPoolExecutor, work: Callable[[Part], None], parts: Sequence[Part], passes: int) -> float:
    """Seconds of the best pass; the first, which also has to find the memory, does not count."""
    taken = []
    for _ in range(passes + 1):
        began = perf_counter_ns()
        list(pool.map(work, parts))
        taken.append(perf_counter_ns() - began)
    return min(taken[1:]) / 1e9


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
