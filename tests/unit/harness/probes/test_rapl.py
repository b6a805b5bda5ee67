"""Energy counters: wrap, overlap, permission, absence."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.outcomes import Missing
from harness.probes import rapl
from harness.probes.rapl import RaplProbe


class Machine:
    """A folder that looks like a machine with RAPL zones."""

    def __init__(self, root: Path, *names: tuple[str, str]) -> None:
        self.root = root
        for zone, name in names:
            folder = root / "sys/class/powercap" / zone
            folder.mkdir(parents=True)
            (folder / "name").write_text(name + "\n")
            (folder / "max_energy_range_uj").write_text("1000000\n")
            self.set(zone, 0)

    def set(self, zone: str, microjoules: int) -> None:
        (self.root / "sys/class/powercap" / zone / "energy_uj").write_text(f"{microjoules}\n")


def read(probe: RaplProbe) -> dict[str, float | None]:
    return {reading.quantity: reading.value for reading in probe.sample()}


def test_the_total_adds_packages_and_dram_and_nothing_twice(tmp_path: Path) -> None:
    machine = Machine(
        tmp_path,
        ("intel-rapl:0", "package-0"),
        ("intel-rapl:0:0", "core"),
        ("intel-rapl:0:1", "dram"),
        ("intel-rapl:1", "psys"),
        ("intel-rapl-mmio:0", "package-0"),
    )
    probe = RaplProbe(tmp_path)
    probe.open({"": None})
    for zone, used in (("0", 100_000), ("0:0", 60_000), ("0:1", 20_000), ("1", 300_000)):
        machine.set(f"intel-rapl:{zone}", used)
    machine.set("intel-rapl-mmio:0", 100_000)
    assert read(probe) == {
        "energy.package-0": 0.1,
        "energy.core": 0.06,
        "energy.dram": 0.02,
        "energy.psys": 0.3,
        "energy.total": 0.12,
    }


def test_a_counter_that_wraps_goes_on(tmp_path: Path) -> None:
    machine = Machine(tmp_path, ("intel-rapl:0", "package-0"))
    machine.set("intel-rapl:0", 900_000)
    probe = RaplProbe(tmp_path)
    probe.open({"": None})
    machine.set("intel-rapl:0", 100_000)
    assert read(probe)["energy.total"] == pytest.approx(0.2)
    machine.set("intel-rapl:0", 150_000)
    assert read(probe)["energy.total"] == pytest.approx(0.25)


def test_no_counters_is_null_not_zero(tmp_path: Path) -> None:
    probe = RaplProbe(tmp_path)
    probe.open({"": None})
    (reading,) = probe.sample()
    assert (reading.value, reading.missing) == (None, Missing.NO_SENSOR)


def test_forbidden_counters_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Machine(tmp_path, ("intel-rapl:0", "package-0"))

    def forbidden(*_: object, **__: object) -> str:
        raise PermissionError

    monkeypatch.setattr(rapl.Path, "read_text", forbidden)
    probe = RaplProbe(tmp_path)
    probe.open({"": None})
    (reading,) = probe.sample()
    assert (reading.value, reading.missing) == (None, Missing.NO_PERMISSION)


def test_a_counter_that_vanishes_during_a_run_is_null(tmp_path: Path) -> None:
    Machine(tmp_path, ("intel-rapl:0", "package-0"))
    probe = RaplProbe(tmp_path)
    probe.open({"": None})
    (tmp_path / "sys/class/powercap/intel-rapl:0/energy_uj").unlink()
    (reading,) = probe.sample()
    assert (reading.value, reading.missing) == (None, Missing.NOT_REPORTED)


@pytest.mark.parametrize(
    ("before", "after", "span"),
    [(9_000_000, 0, "262143328850"), (200_000_000_000, 5, "262143328850"), (300_000_000_000, 5, "262143328850"),
     (900_000, 5, ""), (900_000, 5, "much"), (5, 60_000_000_000, "262143328850")],
)  # fmt: skip
def test_a_counter_that_jumps_is_null_and_the_others_are_kept(
    tmp_path: Path, before: int, after: int, span: str
) -> None:
    machine = Machine(tmp_path, ("intel-rapl:0", "package-0"), ("intel-rapl:0:0", "core"))
    (tmp_path / "sys/class/powercap/intel-rapl:0/max_energy_range_uj").write_text(span)
    machine.set("intel-rapl:0", before)
    probe = RaplProbe(tmp_path)
    probe.open({"": None})
    machine.set("intel-rapl:0", after)
    machine.set("intel-rapl:0:0", 60_000)
    readings = {r.quantity: (r.value, r.missing) for r in probe.sample()}
    assert readings["energy.package-0"] == readings["energy.total"] == (None, Missing.BAD_COUNTER)
    assert readings["energy.core"] == (0.06, None)


@pytest.mark.parametrize("text", ["", "\n", "12x", "-5", "1_000", "1e3", "0x10"])
def test_a_counter_without_a_number_is_null(tmp_path: Path, text: str) -> None:
    Machine(tmp_path, ("intel-rapl:0", "package-0"), ("intel-rapl:1", "package-1"))
    probe = RaplProbe(tmp_path)
    probe.open({"": None})
    (tmp_path / "sys/class/powercap/intel-rapl:0/energy_uj").write_text(text)
    readings = {r.quantity: r.value for r in probe.sample()}
    assert readings == {"energy.package-0": None, "energy.package-1": 0.0, "energy.total": None}


def test_a_counter_that_cannot_be_read_at_first_is_null_for_good(tmp_path: Path) -> None:
    machine = Machine(tmp_path, ("intel-rapl:0", "package-0"), ("intel-rapl:1", "package-1"))
    (tmp_path / "sys/class/powercap/intel-rapl:0/energy_uj").write_text("")
    probe = RaplProbe(tmp_path)
    probe.open({"": None})
    machine.set("intel-rapl:0", 70_000)
    assert {r.quantity: r.missing for r in probe.sample()}["energy.package-0"] is Missing.NOT_REPORTED


def test_a_counter_that_fell_over_a_long_gap_is_no_wrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(tmp_path, ("intel-rapl:0", "package-0"))
    machine.set("intel-rapl:0", 900_000)
    probe = RaplProbe(tmp_path)
    probe.open({"": None})
    machine.set("intel-rapl:0", 100_000)
    now = rapl.time.monotonic_ns()
    monkeypatch.setattr(rapl.time, "monotonic_ns", lambda: now + rapl.NEAR_NS + 1)
    (reading,) = probe.sample()
    assert (reading.value, reading.missing) == (None, Missing.BAD_COUNTER)
