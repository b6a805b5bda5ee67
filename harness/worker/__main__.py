"""One run in this fresh process: ``python -m harness.worker`` reads a ``RunSpec``, writes a ``Run``.

The spec is one JSON line on stdin; the run is one JSON line on what was stdout when the process began.
"""

from __future__ import annotations

import asyncio
import os

from ..client.event_loop import new_event_loop
from ..processes.limits import allow_connections
from ..processes.parent import Parent
from ..processes.parent_death import die_with_parent
from ..protocols.run_spec import RunSpec
from ..unneeded import HTTPX_COMMAND, refuse
from .measurement import Measurement


def main() -> None:
    """Entry point of the process."""
    refuse(HTTPX_COMMAND)
    parent = Parent()
    spec = parent.hear(RunSpec)
    die_with_parent()
    allow_connections()
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        run = runner.run(Measurement(spec).run())
    parent.say(run)
    os._exit(0)


if __name__ == "__main__":
    main()
