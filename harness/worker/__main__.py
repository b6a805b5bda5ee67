"""One run in this fresh process: ``python -m harness.worker`` reads a ``RunSpec``, writes a ``Run``.

The spec is one JSON line on stdin; the run is one JSON line on what was stdout when the process began.
Whatever libraries print goes to stderr.
"""

from __future__ import annotations

import asyncio
import os
import sys

from ..client.event_loop import new_event_loop
from ..processes.parent_death import die_with_parent
from ..protocols.run_spec import RunSpec
from ..protocols.run_wire import dump_run
from .measurement import Measurement


def main() -> None:
    """Entry point of the process."""
    spec = RunSpec.from_json(sys.stdin.buffer.readline())
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    die_with_parent()
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        run = runner.run(Measurement(spec).run())
    channel.write(dump_run(run))
    channel.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
