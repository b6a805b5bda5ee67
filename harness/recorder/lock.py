"""One harness at a time on one recording.

The lock is the kernel's (``flock``), so it ends with its holder, however that ends. A side file only tells people who
holds it; it counts only while the kernel's lock is held.
"""

from __future__ import annotations

import os
import shlex
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import BaseModel, ValidationError

from ..errors import LockHeld


class Holder(BaseModel):
    """Who holds a lock: its process, host, command line and the time since when (ISO 8601, UTC)."""

    pid: int
    host: str
    purpose: str
    command: str
    since: str


@contextmanager
def hold(path: Path, purpose: str) -> Iterator[None]:
    """Holds the lock at ``path`` for ``purpose`` (a short name for people). Raises ``LockHeld`` at once."""
    lock = FileLock(path)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise LockHeld(_message(path, purpose)) from None
    side = _side(path)
    try:
        with suppress(OSError):
            side.write_text(_myself(purpose).model_dump_json(), encoding="utf-8")
        yield
    finally:
        side.unlink(missing_ok=True)
        lock.release()


def holder(path: Path) -> Holder | None:
    """Who said last to hold the lock at ``path``, or ``None`` where nobody legible did."""
    try:
        return Holder.model_validate_json(_side(path).read_bytes())
    except (OSError, ValidationError):
        return None


def busy_beside(path: Path) -> list[Holder]:
    """Who holds a lock of the same name in a folder beside that of ``path``, on this host, as far as they say so."""
    others = [other for other in path.parent.parent.glob(f"*/{path.name}") if other.parent != path.parent]
    found = [holder(other) for other in sorted(others)]
    return [one for one in found if one is not None and one.host == socket.gethostname() and _lives(one.pid)]


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return pid > 0


def _side(path: Path) -> Path:
    return path.with_name(path.name + ".holder")


def _myself(purpose: str) -> Holder:
    return Holder(
        pid=os.getpid(),
        host=socket.gethostname(),
        purpose=purpose,
        command=shlex.join(sys.argv),
        since=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _message(path: Path, purpose: str) -> str:
    held = holder(path)
    if held is None:
        return f"{purpose} cannot begin: another process holds {path}; wait until it ends"
    return (
        f"{purpose} cannot begin: process {held.pid} on {held.host} has been busy with {held.purpose} since "
        f"{held.since}; wait until it ends, or stop it"
    )
