"""Work of our own on the processors that we may use, so that a hypervisor shows what it withholds of them.

An idle processor has nothing withheld. The work is done by children of this process, which the machine's meters count
as ours and never as foreign, at the lowest priority, so that programs of others show themselves beside it.

``python -m harness.execution.own_work 0 1`` works the processors 0 and 1 until its standard input ends, and says so
with a line once it has begun.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import psutil

from ..errors import ChildFailed
from ..processes.child import Child, python
from ..processes.spinning import spin
from ..processors import processors

MOST_PROCESSORS = 8
"""On more of them our own accounting of CPU time, which reads one process after another, is too coarse to tell whether
others are busy."""
MOST_S = 60.0
_READY_S = 60.0
_LOWEST = 19
_BEGUN = b"begun\n"


class OwnWork:
    """Processes of ours that keep processors busy."""

    def __init__(self, child: Child) -> None:
        self._child = child

    def used_s(self) -> float:
        """CPU seconds that they have used so far."""
        total = 0.0
        with suppress(psutil.NoSuchProcess):
            for process in psutil.Process(self._child.pid or 0).children():
                total += sum(process.cpu_times()[:2])
        return total


@contextmanager
def working(processors: Sequence[int] | None = None) -> Iterator[OwnWork]:
    """Keeps ``processors`` busy, or as many as we may use; all of it ends with the block, however that ends.

    A process group of its own keeps Ctrl-C in a terminal from its processes, which would write of it. Raises
    ``ChildFailed`` where it does not begin.
    """
    numbers = allowed() if processors is None else processors
    with Child("our own work", (*python("harness.execution.own_work"), *map(str, numbers)), own_group=True) as child:
        if child.line(_READY_S) != _BEGUN:
            raise ChildFailed(f"our own work did not begin: {child.ended() or 'it said something else'}")
        yield OwnWork(child)


def allowed() -> tuple[int, ...]:
    """The processors that this process may use, at most ``MOST_PROCESSORS`` of them."""
    return processors()[:MOST_PROCESSORS]


def main() -> None:
    """Entry point of the process."""
    _yield_to_others()
    for processor in map(int, sys.argv[1:]):
        if os.fork() == 0:
            if sys.platform == "linux":
                with suppress(OSError):  # taken from us meanwhile: it works another one
                    os.sched_setaffinity(0, {processor})
            spin(MOST_S)
    os.write(1, _BEGUN)
    while os.read(0, 1):
        pass
    os._exit(0)


def _yield_to_others() -> None:
    """The usual policy, whatever we were started with, at its lowest priority; one that is lower still stays."""
    if sys.platform == "linux":
        with suppress(PermissionError):
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    os.nice(_LOWEST)


if __name__ == "__main__":
    main()
