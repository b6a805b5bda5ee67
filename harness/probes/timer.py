"""A periodic timer on an absolute schedule whose ticks arrive through a file descriptor.

An event loop's own timers are rounded to whole milliseconds, which would hide the lag that is to be measured. The
kernel's timer is not, and being a descriptor it waits in the same queue as the sockets.
"""

from __future__ import annotations

import ctypes
import os
import sys

_CLOCK_MONOTONIC = 1
_TFD_TIMER_ABSTIME = 1


class _Timespec(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


class _Itimerspec(ctypes.Structure):
    _fields_ = (("interval", _Timespec), ("first", _Timespec))


def available() -> bool:
    """Whether the kernel has such timers (Linux)."""
    return sys.platform == "linux"


class KernelTimer:
    """Ticks at ``first_ns``, ``first_ns + period_ns``, … on ``time.monotonic_ns``'s clock.

    ``fileno()`` becomes readable at each tick; ``read()`` returns how many have passed since the last read, ``0``
    if none. Raises ``OSError`` where the kernel refuses.
    """

    def __init__(self, first_ns: int, period_ns: int) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        self._fd = int(libc.timerfd_create(_CLOCK_MONOTONIC, os.O_NONBLOCK | os.O_CLOEXEC))
        if self._fd < 0:
            raise OSError(ctypes.get_errno(), "timerfd_create")
        spec = _Itimerspec(_timespec(period_ns), _timespec(first_ns))
        if libc.timerfd_settime(self._fd, _TFD_TIMER_ABSTIME, ctypes.byref(spec), None) < 0:
            self.close()
            raise OSError(ctypes.get_errno(), "timerfd_settime")

    def fileno(self) -> int:
        return self._fd

    def read(self) -> int:
        try:
            return int.from_bytes(os.read(self._fd, 8), sys.byteorder)
        except BlockingIOError:
            return 0

    def close(self) -> None:
        os.close(self._fd)


def _timespec(ns: int) -> _Timespec:
    seconds, nanoseconds = divmod(ns, 1_000_000_000)
    return _Timespec(seconds, nanoseconds)
