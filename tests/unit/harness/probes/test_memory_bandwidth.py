"""The rates of memory: what they count, and how large the arrays are."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

import pytest

from harness.probes import memory_bandwidth
from harness.probes.memory_bandwidth import LEAST_BYTES, MOST_BYTES, Part, array_bytes, bandwidth_facts, rates


def test_the_best_pass_counts_and_the_first_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = [1, 400, 250, 900, 2, 500, 300, 125]
    ends = iter(accumulate(one for pair in zip([0] * 8, taken, strict=True) for one in pair))
    monkeypatch.setattr(memory_bandwidth, "perf_counter_ns", lambda: next(ends))
    copied, found = rates(2, 1000, passes=3)
    assert copied == pytest.approx(2 * 1000 / 250e-9)
    assert found == pytest.approx(1000 / 125e-9)


@pytest.mark.parametrize("threads", [1, 3])
def test_every_byte_is_copied_in_every_pass(monkeypatch: pytest.MonkeyPatch, threads: int) -> None:
    copied: list[int] = []
    real = memory_bandwidth._copy

    def copy(part: Part) -> None:
        part[1].fill(0)
        real(part)
        assert part[1].all()
        copied.append(part[1].nbytes)

    monkeypatch.setattr(memory_bandwidth, "_copy", copy)
    rates(threads, 8_008, passes=2)
    assert sum(copied) == 3 * 8_008
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


def test_without_memory_for_the_arrays_the_rates_are_null(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_bandwidth, "array_bytes", lambda: 1 << 60)
    assert bandwidth_facts(1) == {
        "memory.copied_per_s": None,
        "memory.read_per_s": None,
        "memory.threads": 1,
        "memory.array_bytes": 1 << 60,
    }


def test_facts_of_this_machine() -> None:
    facts = bandwidth_facts(1)
    assert facts["memory.threads"] == 1
    assert facts["memory.array_bytes"] == array_bytes()
    for name in ("memory.copied_per_s", "memory.read_per_s"):
        assert isinstance(rate := facts[name], float)
        assert 1e7 < rate < 1e13
