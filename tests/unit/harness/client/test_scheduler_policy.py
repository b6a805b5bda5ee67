"""The engine gives a real-time policy back; the client's short slices leave one alone."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

CODE = """
import os, sys
from harness.client.scheduler_policy import be_an_engine
from harness.client.scheduler_slice import ask_for_short_slices
try:
    os.sched_setscheduler(0, int(sys.argv[1]), os.sched_param(int(sys.argv[2])))
except PermissionError:
    print("forbidden")
    raise SystemExit
ask_for_short_slices()
client = os.sched_getscheduler(0)
be_an_engine()
print(client & ~os.SCHED_RESET_ON_FORK, os.sched_getscheduler(0) & ~os.SCHED_RESET_ON_FORK)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs the scheduler's policies of Linux")
@pytest.mark.parametrize(
    ("policy", "priority", "left"), [("FIFO", 1, "OTHER"), ("RR", 1, "OTHER"), ("BATCH", 0, "BATCH")]
)
def test_only_a_real_time_policy_is_given_up(policy: str, priority: int, left: str) -> None:
    asked, after = (getattr(os, f"SCHED_{name}") for name in (policy, left))
    command = [sys.executable, "-c", CODE, str(asked), str(priority)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=1500).stdout.strip()
    if said == "forbidden":
        pytest.skip("this user may not ask for a real-time policy")
    assert said == f"{asked} {after}"
