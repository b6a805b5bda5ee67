"""Another program that keeps processors busy, so that what a run says of a disturbed machine can be tested.

``python -m harness.worker.competing_load N`` starts N processes and ends at once, so that they are nobody's children:
the machine's meters count a run's own tree, and this load is to count as foreign. Each ends with its standard input,
and after ``MOST_S`` seconds whatever happens.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from ..processes.child import python
from ..processes.spinning import spin

MOST_S = 600.0


@contextmanager
def competing(processes: int) -> Iterator[None]:
    """Keeps ``processes`` processors busy from outside this process' tree."""
    if not processes:
        yield
        return
    reading, writing = os.pipe()
    try:
        try:
            subprocess.run([*python("harness.worker.competing_load"), str(processes)], stdin=reading, check=True)
        finally:
            os.close(reading)
        yield
    finally:
        os.close(writing)


def main() -> None:
    """Entry point of the process."""
    for _ in range(int(sys.argv[1])):
        if os.fork() == 0:
            spin(MOST_S)
    os._exit(0)


if __name__ == "__main__":
    main()
