"""Keeps a processor busy for as long as the process that asked for it lives."""

from __future__ import annotations

import os
import select
import time
from typing import NoReturn

_SLICE_S = 0.02


def spin(most_s: float) -> NoReturn:
    """Uses one processor until standard input ends, at most ``most_s`` seconds, and ends this process."""
    until = time.monotonic() + most_s
    while time.monotonic() < until and not select.select([0], [], [], 0)[0]:
        turn = time.monotonic() + _SLICE_S
        while time.monotonic() < turn:
            pass
    os._exit(0)
