"""The rate of a memory copy: what it counts, and how large its arrays are."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest

from harness.probes import memory_copy
from harness.probes.memory_copy import LEAST_BYTES, MOST_BYTES, array_bytes, copy_bytes_per_s, copy_facts


def test_the_best_pass_counts_and_the_first_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = [1, 400, 250, 900]
    ends = iter(accumulate(one for pair in zip([0] * 4, taken, strict=True) for one in pair))
    monkeypatch.setattr(memory_copy, "perf_counter_ns", lambda: next(ends))
    assert copy_bytes_per_s(2, 1000, passes=3) == pytest.approx(2 * 1000 / 250e-9)


@pytest.mark.parametrize("threads", [1, 3])
def test_every_byte_is_copied_in_every_pass(monkeypatch: pytest.MonkeyPatch, threads: int) -> None:
    copied: list[int] = []
    real = np.copyto

    def copyto(target: np.ndarray, source: np.ndarray) -> None:
        real(target, source)
        assert target.all()
        copied.append(len(target))

    monkeypatch.setattr(np, "copyto", copyto)
    copy_bytes_per_s(threads, 10_001, passes=2)
    assert sum(copied) == 3 * 10_001
    assert len(copied) == 3 * threads


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        (["32K", "1024K", "32768K"], 128 << 20),
        (["36M"], 144 << 20),
        (["16K"], LEAST_BYTES),
        (["2048M"], MOST_BYTES),
        (["", "x", "12Q"], LEAST_BYTES),
        ([], LEAST_BYTES),
    ],
)
def test_arrays_do_not_fit_into_the_caches(tmp_path: Path, sizes: list[str], expected: int) -> None:
    for number, size in enumerate(sizes):
        (tmp_path / f"index{number}").mkdir()
        (tmp_path / f"index{number}" / "size").write_text(f"{size}\n", encoding="ascii")
    assert array_bytes(tmp_path) == expected


def test_without_memory_for_the_arrays_the_rate_is_null(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_copy, "array_bytes", lambda: 1 << 60)
    assert copy_facts(1) == {"copy.bytes_per_s": None, "copy.threads": 1, "copy.array_bytes": 1 << 60}


def test_facts_of_this_machine() -> None:
    facts = copy_facts(1)
    assert facts["copy.threads"] == 1
    assert facts["copy.array_bytes"] == array_bytes()
    assert isinstance(rate := facts["copy.bytes_per_s"], float)
    assert 1e7 < rate < 1e13
