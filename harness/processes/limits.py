"""What this process may use from now on; the kernel enforces it."""

from __future__ import annotations

import resource


def limit(*, memory_bytes: int, cpu_s: int, file_bytes: int) -> None:
    """Limits the memory of this process, the processor time that it may still use, and the size of a file.

    Beyond the first an allocation fails, beyond the second the kernel ends the process (SIGXCPU), beyond the third a
    write fails. Linux enforces the first; a kernel that does not know it leaves memory alone.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = cpu_s + int(used.ru_utime + used.ru_stime)
    limit_memory(memory_bytes)
    _lower(resource.RLIMIT_CPU, seconds)
    _lower(resource.RLIMIT_FSIZE, file_bytes)
    _lower(resource.RLIMIT_CORE, 0)


def limit_memory(memory_bytes: int) -> None:
    """Limits the memory of this process that is writable and no file's: beyond it an allocation fails.

    Linux enforces it; a kernel that does not know it leaves memory alone.
    """
    _lower(resource.RLIMIT_DATA, memory_bytes)


MOST_CONNECTIONS = 2**16


def allow_connections() -> None:
    """Lets this process hold as many connections as it may: what a shell begins with is often 1024 files.

    A client that runs out of files would record its own failures as those of a server.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = most_connections()
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def most_connections() -> int:
    """How many files, connections among them, a process may hold after ``allow_connections``."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST_CONNECTIONS if hard == resource.RLIM_INFINITY else min(hard, MOST_CONNECTIONS)


def _lower(kind: int, wanted: int) -> None:
    soft, hard = resource.getrlimit(kind)
    for stated in (soft, hard):
        if stated != resource.RLIM_INFINITY:
            wanted = min(wanted, stated)
    resource.setrlimit(kind, (wanted, hard))
