"""Runs a command as a process of its own and says what it took: wall clock, CPU, peak memory."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile
from time import monotonic


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of wall clock and of CPU (of all its processes), and the largest resident set of one of them (MB)."""

    wall: float
    cpu: float
    peak: float

    def __str__(self) -> str:
        return f"{self.wall:6.1f} s wall, {self.cpu:6.1f} s CPU, {self.peak:4.0f} MB peak"


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Took:
    """Raises ``SystemExit`` with the command's output where it fails."""
    began = monotonic()
    with TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **environment}, stdout=log, stderr=subprocess.STDOUT
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            log.seek(0)
            raise SystemExit(f"{' '.join(command)} failed:\n{log.read()}")
    return Took(monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000)


def typical(took: Iterable[Took]) -> Took:
    """Medians of wall and CPU; the highest peak."""
    all_of = list(took)
    return Took(median(t.wall for t in all_of), median(t.cpu for t in all_of), max(t.peak for t in all_of))


def ratio(ours: Took, theirs: Took, goal: float) -> str:
    """The ratios of wall clock and CPU, beside the goal. Wall clock means little on a busy machine, and CPU does not
    tell what is done by several processors at once."""
    wall, cpu = ours.wall / theirs.wall, ours.cpu / theirs.cpu
    said = [f"{name} {x:.2f} x ({'met' if x <= goal else 'MISSED'})" for name, x in (("wall", wall), ("CPU", cpu))]
    return f"{', '.join(said)}; goal {goal} x"


def load() -> str:
    """The machine's load now, over its processors."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
