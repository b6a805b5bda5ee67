"""The kernel's account of a process: its own memory, and nulls where a file vanishes, lies or is forbidden."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from harness.outcomes import Missing
from harness.probes import memory
from harness.probes.memory import MemoryProbe

ROLLUP = "00-01 ---p 0 00:00 0   [rollup]\nRss:  300 kB\nPss:  200 kB\nAnonymous:  100 kB\nSwap:  0 kB\n"
STATUS = "Name:\tx\nVmHWM:\t   400 kB\n"
STAT = "7 (a) b) S 1 7 7 0 -1 0 31 0 3 0 2470 15 0 0 20 0 13\n"


def process(root: Path, **files: str) -> Path:
    folder = root / "proc/7"
    folder.mkdir(parents=True)
    for name, text in {"smaps_rollup": ROLLUP, "status": STATUS, "stat": STAT, **files}.items():
        (folder / name).write_text(text)
    return folder


def read(root: Path, pid: int | None = 7) -> dict[str, tuple[float | None, Missing | None]]:
    probe = MemoryProbe(root)
    probe.open({"": pid})
    return {reading.quantity: (reading.value, reading.missing) for reading in probe.sample()}


def test_what_the_files_of_a_process_say(tmp_path: Path) -> None:
    process(tmp_path)
    assert read(tmp_path) == {
        "engine.pss": (200 * 1024.0, None),
        "engine.anonymous": (100 * 1024.0, None),
        "engine.rss_highest": (400 * 1024.0, None),
        "engine.swap": (0.0, None),
        "engine.minor_faults": (31.0, None),
        "engine.major_faults": (3.0, None),
    }


@pytest.mark.parametrize("name", ["smaps_rollup", "status", "stat"])
@pytest.mark.parametrize("damage", ["vanished", "", "Pss: lots kB\n"])
def test_a_file_that_vanishes_or_says_nonsense_is_null(tmp_path: Path, name: str, damage: str) -> None:
    folder = process(tmp_path)
    probe = MemoryProbe(tmp_path)
    probe.open({"": 7})
    assert all(reading.value is not None for reading in probe.sample())
    if damage == "vanished":
        (folder / name).unlink()
    else:
        (folder / name).write_text(damage)
    assert {(reading.value, reading.missing) for reading in probe.sample()} == {(None, Missing.NOT_REPORTED)}


def test_what_is_forbidden_or_nobodys_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(read(tmp_path, None).values()) == {(None, Missing.NOT_APPLICABLE)}

    def forbidden(*_: object, **__: object) -> str:
        raise PermissionError

    monkeypatch.setattr(memory.Path, "read_text", forbidden)
    assert set(read(tmp_path).values()) == {(None, Missing.NO_PERMISSION)}


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_that_is_written_is_seen() -> None:
    before = read(Path("/"), os.getpid())
    written = bytearray(b"x") * (48 << 20)
    after = read(Path("/"), os.getpid())
    assert len(written) == 48 << 20
    for quantity, least in (("engine.anonymous", 40 << 20), ("engine.pss", 40 << 20), ("engine.minor_faults", 10)):
        rise = (after[quantity][0] or 0.0) - (before[quantity][0] or 0.0)
        assert rise >= least, quantity
