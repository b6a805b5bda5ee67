"""A load that competes is nobody's child, is noticed as foreign, and ends with what it competed with."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import psutil
import pytest

from harness.probes.machine_load import LoadMeter
from harness.worker.competing_load import competing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
PATIENCE_S = 120.0


@pytest.fixture(autouse=True)
def mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the processes of this test inherit: other tests may start the same program meanwhile."""
    monkeypatch.setenv("COMPETING_LOAD_OF", str(tmp_path))
    return str(tmp_path)


def busy(mark: str) -> set[int]:
    """The living processes of our module that have inherited ``mark``."""
    found = set()
    for process in psutil.process_iter(["pid", "cmdline", "status", "environ"]):
        said, environment = process.info["cmdline"] or [], process.info["environ"] or {}
        ours = "harness.worker.competing_load" in said and environment.get("COMPETING_LOAD_OF") == mark
        if ours and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.add(process.info["pid"])
    return found


def test_it_is_foreign_and_ends_with_us(mark: str) -> None:
    meter = LoadMeter()
    with competing(2):
        ours = busy(mark)
        assert len(ours) == 2
        assert not ours & {child.pid for child in psutil.Process(os.getpid()).children(recursive=True)}
        meter.read()
        deadline, used = time.monotonic() + PATIENCE_S, 0.0
        while used < 0.1 and time.monotonic() < deadline:
            time.sleep(0.2)
            used = float(meter.read()["foreign_cpu"] or 0.0)
        assert used >= 0.1
    deadline = time.monotonic() + PATIENCE_S
    while busy(mark):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_without_a_load_nothing_starts(mark: str) -> None:
    with competing(0):
        assert not busy(mark)
