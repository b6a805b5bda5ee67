"""Leaves a real-time policy to the client: an engine that its client starts runs under the normal one.

Where client and engine share processors, the threads of the engine keep a waking client waiting for milliseconds,
short slices or not; a client under a real-time policy is not kept (``chrt --fifo 1 harness run ...``). Children inherit
a policy, and an engine that had it too would take back what the client gained.
"""

from __future__ import annotations

import os


def be_an_engine() -> None:
    """Gives up a real-time policy of this thread, and so of all that it starts; leaves any other as it is."""
    if not hasattr(os, "sched_getscheduler"):
        return
    if os.sched_getscheduler(0) & ~os.SCHED_RESET_ON_FORK in (os.SCHED_FIFO, os.SCHED_RR):
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
