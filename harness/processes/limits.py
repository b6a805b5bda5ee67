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


def _lower(kind: int, wanted: int) -> None:
    soft, hard = resource.getrlimit(kind)
    for stated in (soft, hard):
        if stated != resource.RLIM_INFINITY:
            wanted = min(wanted, stated)
    resource.setrlimit(kind, (wanted, hard))
