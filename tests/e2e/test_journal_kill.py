"""kill -9 while recording: whatever was acknowledged is there, once, in order; what follows is continued."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.recorder.recover import read
from tests.support.zygote import Zygote, zygote

KILLS = 60
THREADS = 4


@pytest.fixture(scope="module")
def children() -> Iterator[Zygote]:
    with zygote() as started:
        yield started


def test_no_acknowledged_record_is_lost_or_doubled_over_many_kills(tmp_path: Path, children: Zygote) -> None:
    rng = random.Random(9)
    path, acks = tmp_path / "journal", tmp_path / "acks"
    before: tuple[bytes, ...] = ()
    for generation in range(KILLS):
        child = children.start("append_forever", str(path), str(acks), generation, THREADS)
        if generation % 2:
            wait_for_more(acks)
        time.sleep(rng.uniform(0, 0.04))
        assert children.kill(child) == -signal.SIGKILL
        if path.exists():
            before = check(path, acks, before)
    assert len(before) >= KILLS // 2


def wait_for_more(acks: Path) -> None:
    """Until another record is acknowledged: every second child is killed while it writes."""
    size = acks.stat().st_size if acks.exists() else 0
    deadline = time.monotonic() + 300
    while (not acks.exists() or acks.stat().st_size <= size) and time.monotonic() < deadline:
        time.sleep(0.001)


def check(path: Path, acks: Path, before: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """The journal's records, after comparing them with those acknowledged and with those before the last kill."""
    records = read(path).records
    assert records[: len(before)] == before
    assert len(set(records)) == len(records)
    acknowledged = acks.read_bytes().split(b"\n")[:-1] if acks.exists() else []
    assert set(acknowledged) <= set(records)
    in_order: dict[bytes, int] = {}
    for record in records:
        who, _, number = record.rpartition(b"/")
        assert int(number) == in_order.get(who, 0), "a thread's records are neither skipped nor reordered"
        in_order[who] = int(number) + 1
    return records
