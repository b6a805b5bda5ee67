"""What Ray runs on a host: a block in a process that has nothing of Ray's worker in it.

Ray's workers have a lower priority than other processes, one thread for OpenMP, and see no GPU unless they ask for one.
What is measured must have none of that. It gets the environment and the priority in which Ray was started on the host.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import psutil

from ..errors import ChildFailed
from ..processes.child import Child, python
from ..processes.json_lines import dump, load
from .order import Answer, Order

_RAYS_OWN = "RAY_"
_REPLACED = "LD_PRELOAD"
"""Ray starts its own daemon with another allocator; workers have what was there before."""


def record_on_host(line: bytes) -> tuple[bytes, bytes]:
    """An ``Order`` as a line of JSON to an ``Answer`` as one, with the bytes of the pack that it names."""
    order = load(Order, line)
    daemon = psutil.Process(os.getppid())
    refused = _restore_priority(daemon.nice())
    if refused:
        return dump(Answer(refused=refused)), b""
    _restore_environment(daemon.environ())
    with Child("the block", python("harness.cluster.block_process"), own_group=True) as child:
        child.send(order)
        try:
            answer = child.expect(Answer)
        except ChildFailed as error:
            answer = Answer(lost=str(error))
    if not answer.pack:
        return dump(answer), b""
    path = Path(answer.pack)
    packed = path.read_bytes()
    path.unlink()
    return dump(answer), packed


def _restore_priority(niceness: int) -> str:
    """Gives this process the niceness of the one that Ray was started with; why that cannot be, or nothing."""
    here = os.getpriority(os.PRIO_PROCESS, 0)
    if here == niceness:
        return ""
    try:
        os.setpriority(os.PRIO_PROCESS, 0, niceness)
    except PermissionError:
        return (
            f"Ray runs its workers there with niceness {here}, which would slow what is measured; start Ray there with "
            "RAY_worker_niceness=0 in its environment"
        )
    return ""


def _restore_environment(started: Mapping[str, str]) -> None:
    """Gives this process the environment that Ray was started in, without what Ray added."""
    wanted = {name: text for name, text in started.items() if not name.startswith(_RAYS_OWN) and name != _REPLACED}
    if _REPLACED in os.environ:
        wanted[_REPLACED] = os.environ[_REPLACED]
    for name in set(os.environ) - set(wanted):
        if not name.startswith(_RAYS_OWN):
            del os.environ[name]
    os.environ.update(wanted)
