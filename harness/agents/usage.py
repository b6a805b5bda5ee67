"""What an agent's process used, seen from outside and in one way for all languages."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from pathlib import Path

from ..protocols.agent import Usage


class UsageMeter:
    """Reads ``/proc`` while the process lives; the rest is known when it has been waited for.

    ``ru_maxrss`` of ``wait4`` is not used: it starts with the memory of the process that forked.
    """

    def __init__(self, pid: int, startup_ns: int, proc: Path = Path("/proc")) -> None:
        self._startup_ns = startup_ns
        self._proc = proc / str(pid)
        self._peak_rss: int | None = None
        self._threads: int | None = None
        self._wait_ns: int | None = None

    def read(self) -> None:
        """Peak memory, threads, and how long they waited for a processor; call while the process still lives."""
        try:
            status = (self._proc / "status").read_text(encoding="utf-8")
            waits = list(self._waits())
        except OSError:
            return
        found = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        self._peak_rss = int(found["VmHWM"].split()[0]) * 1024
        self._threads = int(found["Threads"])
        self._wait_ns = sum(waits)

    def _waits(self) -> Iterator[int]:
        for thread in (self._proc / "task").iterdir():
            _ran, waited, *_ = (thread / "schedstat").read_text(encoding="utf-8").split()
            yield int(waited)

    def usage(self, used: resource.struct_rusage | None, tasks: int) -> Usage:
        """Processor time and context switches of each of the ``tasks`` that shared the process."""
        share = max(1, tasks)
        return Usage(
            startup_ns=self._startup_ns,
            peak_rss_bytes=self._peak_rss,
            threads=self._threads,
            wait_ns=None if self._wait_ns is None else self._wait_ns // share,
            cpu_ns=None if used is None else int((used.ru_utime + used.ru_stime) * 1e9) // share,
            context_switches=None if used is None else (used.ru_nvcsw + used.ru_nivcsw) // share,
        )
