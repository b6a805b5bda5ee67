"""Foreign load is what others use: neither ours nor our children's."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness.probes import machine_load as load_module
from harness.probes.machine_load import LoadMeter

TICK = os.sysconf("SC_CLK_TCK")


def stat(root: Path, user: float, steal: float = 0.0, elsewhere: float = 0.0) -> None:
    """A kernel whose processes have used ``user`` seconds of processor 3, from which its hypervisor has kept ``steal``,
    and ``elsewhere`` of processor 5."""
    (root / "proc").mkdir(exist_ok=True)
    lines = (
        f"cpu {(user + elsewhere) * TICK:.0f} 0 0 1998 18 14 14 {steal * TICK:.0f} 0 0",
        f"cpu3 {user * TICK:.0f} 0 0 999 9 7 7 {steal * TICK:.0f} 0 0",
        f"cpu5 {elsewhere * TICK:.0f} 0 0 999 9 7 7 0 0 0",
        "intr 1 2 3",
    )
    (root / "proc/stat").write_text("\n".join(lines) + "\n")


def test_foreign_cpu_and_steal_per_second_of_the_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([100.0, 100.0, 102.0, 102.0])
    monkeypatch.setattr(load_module.time, "monotonic", lambda: next(clock, 104.0))
    monkeypatch.setattr(load_module.time, "sleep", lambda _s: stat(tmp_path, user=51.0, steal=1.0, elsewhere=1.5))
    monkeypatch.setattr(load_module.os, "sched_getaffinity", lambda _pid: {3})
    monkeypatch.setattr(load_module, "_own_tree_s", lambda: 5.0)
    stat(tmp_path, user=50.0)
    found = LoadMeter(tmp_path).read()
    assert found["window_s"] == 2.0
    assert found["foreign_cpu"] == 0.5
    assert found["elsewhere_cpu"] == 0.75
    assert found["steal"] == 0.5


def test_a_kernel_that_tells_nothing_gives_null(tmp_path: Path) -> None:
    found = LoadMeter(tmp_path).read()
    assert found["foreign_cpu"] is None
    assert found["foreign_cpu.missing"] == "not_reported"
    assert found["throttle_count"] is None


def test_throttling_events_are_added_over_processors(tmp_path: Path) -> None:
    for cpu, count in ((0, 3), (1, 4)):
        folder = tmp_path / f"sys/devices/system/cpu/cpu{cpu}/thermal_throttle"
        folder.mkdir(parents=True)
        (folder / "core_throttle_count").write_text(str(count))
    assert LoadMeter(tmp_path).read()["throttle_count"] == 7


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_work_of_our_own_children_counts_as_ours() -> None:
    before = load_module._own_tree_s()
    busy = "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
    subprocess.run([sys.executable, "-c", busy], check=True)
    waited = load_module._own_tree_s()
    assert waited - before >= 0.25
    with subprocess.Popen([sys.executable, "-c", busy + "\ninput()"], stdin=subprocess.PIPE) as living:
        deadline = time.monotonic() + 300
        while load_module._own_tree_s() - waited < 0.25:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        living.communicate(b"\n")


@pytest.mark.parametrize(
    ("after", "lost"),
    [
        ({"user": 49.0}, {"foreign_cpu"}),
        ({"user": 51.0, "steal": 1.0}, {"steal"}),
        ({"user": 51.0, "steal": 3.0, "elsewhere": 0.5}, {"elsewhere_cpu"}),
    ],
)
def test_a_counter_that_falls_is_null_and_the_others_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: dict[str, float], lost: set[str]
) -> None:
    monkeypatch.setattr(
        load_module.time, "sleep", lambda _s: stat(tmp_path, **{"steal": 2.0, "elsewhere": 1.0} | after)
    )
    monkeypatch.setattr(load_module.os, "sched_getaffinity", lambda _pid: {3})
    monkeypatch.setattr(load_module, "_own_tree_s", lambda: 5.0)
    stat(tmp_path, user=50.0, steal=2.0, elsewhere=1.0)
    found = LoadMeter(tmp_path).read()
    names = {"foreign_cpu", "elsewhere_cpu", "steal"}
    assert {name for name in names if found[name] is None} == lost
    assert {found[f"{name}.missing"] for name in lost} == {"bad_counter"}


def test_processors_that_come_and_go_between_reads_tell_no_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_s: float) -> None:
        text = (tmp_path / "proc/stat").read_text()
        (tmp_path / "proc/stat").write_text(
            "".join(line for line in text.splitlines(keepends=True) if "cpu5" not in line)
        )

    monkeypatch.setattr(load_module.time, "sleep", gone)
    stat(tmp_path, user=50.0)
    found = LoadMeter(tmp_path).read()
    assert [found[name] for name in ("foreign_cpu", "elsewhere_cpu", "steal")] == [None] * 3
