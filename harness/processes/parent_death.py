"""Ends this process when its parent is gone, so that a killed harness leaves nothing running."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading

_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Linux: the kernel kills us. Everywhere: end of file on stdin kills our process group.

    Call after everything expected on stdin was read.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    threading.Thread(target=_watch_stdin, name="parent-watch", daemon=True).start()


def _watch_stdin() -> None:
    while os.read(0, 4096):
        pass
    if os.getpgid(0) == os.getpid() and sys.platform != "win32":
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
