"""The second holder is refused and told who holds; a dead holder holds nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from harness.errors import LockHeld
from harness.recorder.lock import busy_beside, hold, holder

CHILD = """
import sys, time
from pathlib import Path
from harness.recorder.lock import hold
with hold(Path(sys.argv[1]), "child's work"):
    print("held", flush=True)
    time.sleep(60)
"""


def start_holder(path: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    return child


def stop(child: subprocess.Popen[str]) -> None:
    child.kill()
    child.wait()
    if child.stdout is not None:
        child.stdout.close()


def test_the_second_holder_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    child = start_holder(path)
    try:
        with pytest.raises(LockHeld) as caught, hold(path, "harness run tr108"):
            pytest.fail("held twice")
        held = holder(path)
        assert held is not None
        message = str(caught.value)
        assert message.startswith("harness run tr108 cannot begin")
        assert "\n" not in message
        assert f"process {child.pid} on {held.host}" in message
        assert "child's work" in message
        assert held.since in message
        assert held.command.startswith("-c ")
    finally:
        stop(child)


def test_a_killed_holder_blocks_nobody(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    child = start_holder(path)
    os.kill(child.pid, signal.SIGKILL)
    stop(child)
    assert holder(path) is not None
    with hold(path, "next"):
        held = holder(path)
        assert held is not None
        assert held.pid == os.getpid()


def test_releasing_lets_the_next_in_and_leaves_no_holder(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    for _ in range(3):
        with hold(path, "work"):
            pass
        assert holder(path) is None


def test_it_is_released_when_the_work_fails(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with pytest.raises(RuntimeError), hold(path, "work"):
        raise RuntimeError
    with hold(path, "again"):
        pass


@pytest.mark.parametrize("side", [None, b"", b"\xff garbage", b"{}", b'{"pid": "x"}'])
def test_an_illegible_holder_is_still_a_holder(tmp_path: Path, side: bytes | None) -> None:
    path = tmp_path / "lock"
    with hold(path, "work"):
        note = tmp_path / "lock.holder"
        note.unlink() if side is None else note.write_bytes(side)
        with pytest.raises(LockHeld, match="another process holds"), hold(path, "second"):
            pytest.fail("held twice")


def test_locks_of_different_paths_are_independent(tmp_path: Path) -> None:
    with hold(tmp_path / "a", "a"), hold(tmp_path / "b", "b"):
        assert holder(tmp_path / "a") is not None


def test_who_works_beside_is_known_while_it_lives(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "tr108-quick" / "lock", tmp_path / "tr117-quick" / "lock"
    for path in (ours, theirs):
        path.parent.mkdir()
    with hold(theirs, "harness run tr117-quick"), hold(ours, "harness run tr108-quick"):
        assert [one.purpose for one in busy_beside(ours)] == ["harness run tr117-quick"]
        side = theirs.with_name("lock.holder")
        left = side.read_text()
    side.write_text(left.replace(f'"pid":{os.getpid()}', '"pid":4194305'))
    assert busy_beside(ours) == []
