"""The environment's vocabulary: typed, complete, null with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.events import Scalar
from harness.outcomes import Missing
from harness.probes import cpu, host
from harness.probes.environment import facts, load
from harness.probes.facts import FACTS, flatten, identity_differences


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_every_fact_of_this_machine_is_typed_or_null_with_a_reason() -> None:
    found = facts()
    for fact in FACTS:
        value, why = found[fact.name], found.get(f"{fact.name}.missing")
        assert (value is None) == (why is not None)
        assert value is None or type(value) is fact.kind
        assert why is None or Missing(str(why))
    assert json.loads(json.dumps(found)) == found


def test_names_are_unique_and_explained() -> None:
    assert len({fact.name for fact in FACTS}) == len(FACTS)
    assert all(fact.meaning for fact in FACTS)


def test_an_undeclared_or_mistyped_fact_is_refused() -> None:
    with pytest.raises(KeyError):
        flatten({"colour": "blue"})
    with pytest.raises(TypeError, match="cores_logical"):
        flatten({"cores_logical": "2"})


def test_zero_is_a_value_and_missing_is_null() -> None:
    flat = flatten({"gpu_count": 0, "governor": Missing.NO_SENSOR})
    assert flat["gpu_count"] == 0
    assert "gpu_count.missing" not in flat
    assert flat["governor"] is None
    assert flat["governor.missing"] == "no_sensor"


def test_identity_differences_name_what_forbids_pooling() -> None:
    a = flatten({"cpu_model": "A", "boot_id": "1"})
    assert identity_differences(a, a | {"boot_id": "2"}) == ()
    assert identity_differences(a, a | {"cpu_model": "B"}) == ("cpu_model: A ≠ B",)


HARDWARE: dict[str, Scalar | Missing] = {
    "arch": "x86_64",
    "cpu_model": "A",
    "cpu_revision": "family 25, model 17",
    "cores_logical": 2,
    "memory_bytes": 25_276_514_304,
    "gpu_name": Missing.NO_SENSOR,
}


def test_a_host_is_its_hardware() -> None:
    known = host.hardware_id(HARDWARE)
    assert known == host.hardware_id({**HARDWARE, "kernel": "another", "memory_bytes": 25_276_000_000})
    for change in (
        {"cpu_revision": "family 25, model 1"},
        {"cores_logical": 4},
        {"memory_bytes": 2**34},
        {"gpu_name": "H"},
    ):
        assert host.hardware_id({**HARDWARE, **change}) != known


def test_a_processor_that_is_not_told_makes_no_host() -> None:
    assert host.hardware_id({**HARDWARE, "cpu_model": Missing.NOT_REPORTED}) is Missing.NOT_REPORTED


def test_the_copies_of_an_image_are_told_apart_by_their_boot(tmp_path: Path) -> None:
    boots = [write(tmp_path / name, {"proc/sys/kernel/random/boot_id": f"{name}\n"}) for name in ("a", "b")]
    first, second = (host.boot(root)["boot_id"] for root in boots)
    assert first != second
    assert host.boot(tmp_path / "none")["boot_id"] is Missing.NOT_REPORTED


@pytest.mark.parametrize(
    ("files", "hypervisor"),
    [
        ({"sys/class/dmi/id/sys_vendor": "QEMU", "proc/cpuinfo": "flags : fpu hypervisor"}, "QEMU"),
        ({"sys/class/dmi/id/product_name": "VMware7,1"}, "VMware"),
        ({"proc/cpuinfo": "flags : fpu hypervisor"}, "present, vendor not told"),
        ({"proc/cpuinfo": "flags : fpu sse"}, "none"),
        ({"proc/cpuinfo": "Features : fp asimd"}, Missing.NOT_REPORTED),
        ({}, Missing.NOT_REPORTED),
    ],
)
def test_hypervisor_is_read_from_kernel_files(tmp_path: Path, files: dict[str, str], hypervisor: object) -> None:
    assert host.virtualisation(write(tmp_path, files))["hypervisor"] == hypervisor


@pytest.mark.parametrize(
    ("files", "container"),
    [
        ({".dockerenv": ""}, "docker"),
        ({"run/.containerenv": ""}, "podman"),
        ({"run/systemd/container": "lxc\n"}, "lxc"),
        ({"proc/1/cgroup": "0::/kubepods/pod1"}, "kubepods"),
        ({"proc/1/cgroup": "0::/init.scope"}, "none"),
        ({}, Missing.NOT_REPORTED),
    ],
)
def test_container_is_recognised(tmp_path: Path, files: dict[str, str], container: object) -> None:
    assert host.virtualisation(write(tmp_path, files))["container"] == container


def test_processor_facts_of_a_described_machine(tmp_path: Path) -> None:
    info = "processor : 0\nmodel name : Big Iron\nflags : fpu avx2 avx512f smep fma\n\nprocessor : 1\nmodel name : X\n"
    files = {
        "proc/cpuinfo": info,
        "sys/fs/cgroup/cpu.max": "150000 100000\n",
        "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "powersave\n",
    }
    found = cpu.facts(write(tmp_path, files))
    assert found["cpu_model"] == "Big Iron"
    assert found["cpu_features"] == "avx2 avx512f fma"
    assert found["cpu_quota"] == 1.5
    assert found["governor"] == "powersave"


@pytest.mark.parametrize(
    ("text", "quota"),
    [("max 100000", Missing.NOT_APPLICABLE), ("", Missing.NOT_REPORTED), ("5 0", Missing.NOT_APPLICABLE)],
)
def test_no_quota_is_not_a_quota_of_nought(tmp_path: Path, text: str, quota: Missing) -> None:
    assert cpu.facts(write(tmp_path, {"sys/fs/cgroup/cpu.max": text}))["cpu_quota"] is quota


def test_load_is_flat_and_null_with_a_reason() -> None:
    found = load()
    assert json.loads(json.dumps(found)) == found
    for key, value in found.items():
        if value is None:
            assert Missing(str(found[f"{key}.missing"]))
