"""Short slices are asked for without privilege, and never handed on to an engine."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from harness.client import scheduler_slice as short_slices
from harness.client.scheduler_slice import SLICE_NS, ask_for_short_slices, slice_ns

REPORT = """
import os
from harness.client.scheduler_slice import ask_for_short_slices, slice_ns
before = slice_ns()
ask_for_short_slices()
granted = slice_ns()
if os.fork() == 0:
    print(before, granted, slice_ns(), flush=True)
    os._exit(0)
os.wait()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a Linux scheduler")
def test_children_do_not_inherit_what_the_client_was_granted() -> None:
    done = subprocess.run([sys.executable, "-c", REPORT], capture_output=True, text=True, check=True, timeout=1500)
    before, granted, child = done.stdout.split()
    if before == granted:
        pytest.skip("this kernel grants no slices")
    assert int(granted) == SLICE_NS
    assert child == before


def test_an_unknown_system_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(short_slices.platform, "machine", lambda: "pdp11")
    ask_for_short_slices()
    assert slice_ns() is None


@pytest.mark.skipif(sys.platform != "linux", reason="a Linux scheduler")
def test_another_policy_is_left_alone() -> None:
    script = (
        "import os, harness.client.scheduler_slice as s\n"
        "os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))\n"
        "s.ask_for_short_slices()\n"
        "print(os.sched_getscheduler(0) == os.SCHED_BATCH)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=1500)
    assert done.stdout.strip() == "True"
    assert os.sched_getscheduler(0) & ~os.SCHED_RESET_ON_FORK == os.SCHED_OTHER
