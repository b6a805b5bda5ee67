"""GPU telemetry against a driver that is described here."""

from __future__ import annotations

import time
from collections import Counter
from types import SimpleNamespace

import pynvml
import pytest

from harness.outcomes import Missing
from harness.probes import gpu
from harness.probes.nvml import NvmlPowerProbe, NvmlProbe
from harness.probes.poller import Poller


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> None:
    """One device that reports everything but its energy, whose throttle reasons need privilege."""

    def refuse(code: int) -> object:
        def raise_(*_: object) -> None:
            raise pynvml.NVMLError(code)

        return raise_

    answers = {
        "nvmlInit": lambda: None,
        "nvmlShutdown": lambda: None,
        "nvmlDeviceGetCount": lambda: 1,
        "nvmlDeviceGetHandleByIndex": lambda index: index,
        "nvmlDeviceGetName": lambda _h: "Test 9000",
        "nvmlDeviceGetUUID": lambda _h: "GPU-1234",
        "nvmlSystemGetDriverVersion": lambda: "600.1",
        "nvmlDeviceGetPowerUsage": lambda _h: 123_500,
        "nvmlDeviceGetTotalEnergyConsumption": refuse(pynvml.NVML_ERROR_NOT_SUPPORTED),
        "nvmlDeviceGetTemperature": lambda _h, _kind: 61,
        "nvmlDeviceGetClockInfo": lambda _h, kind: 1500 if kind == pynvml.NVML_CLOCK_SM else 2600,
        "nvmlDeviceGetUtilizationRates": lambda _h: SimpleNamespace(gpu=0, memory=0),
        "nvmlDeviceGetMemoryInfo": lambda _h: SimpleNamespace(used=2**30, total=2**33),
        "nvmlDeviceGetCurrentClocksThrottleReasons": refuse(pynvml.NVML_ERROR_NO_PERMISSION),
    }
    for name, answer in answers.items():
        monkeypatch.setattr(pynvml, name, answer)


@pytest.mark.usefixtures("driver")
def test_each_quantity_is_a_value_or_null_with_its_own_reason() -> None:
    readings: dict[str, object] = {}
    for probe in (NvmlProbe(), NvmlPowerProbe()):
        probe.open({"": None})
        readings |= {r.quantity: (r.value, r.missing) for r in probe.sample()}
        probe.close()
    assert readings["gpu0.power"] == (123.5, None)
    assert readings["gpu0.utilisation"] == (0.0, None)
    assert readings["gpu0.energy"] == (None, Missing.NOT_REPORTED)
    assert readings["gpu0.throttle_reasons"] == (None, Missing.NO_PERMISSION)
    assert readings["gpu0.memory_clock"] == (2600.0, None)


@pytest.mark.usefixtures("driver")
def test_device_facts_hide_the_uuid() -> None:
    found = gpu.facts()
    assert found["gpu_name"] == "Test 9000"
    assert found["gpu_memory_bytes"] == 2**33
    assert "1234" not in str(found["gpu_id"])


def test_without_a_driver_everything_is_null(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent() -> None:
        raise pynvml.NVMLError(pynvml.NVML_ERROR_LIBRARY_NOT_FOUND)

    monkeypatch.setattr(pynvml, "nvmlInit", absent)
    assert set(gpu.facts().values()) == {Missing.NO_SENSOR}
    assert not NvmlPowerProbe.capability().available
    probe = NvmlPowerProbe()
    probe.open({"": None})
    readings = list(probe.sample())
    assert readings
    assert all((r.value, r.missing) == (None, Missing.NO_SENSOR) for r in readings)
    probe.close()


def refusing(*codes: int) -> object:
    """Answers by the device's index, where its code is 0."""

    def ask(handle: int, *_: object) -> object:
        if codes[handle]:
            raise pynvml.NVMLError(codes[handle])
        return handle

    return ask


@pytest.mark.usefixtures("driver")
def test_memory_that_a_device_does_not_tell_leaves_its_other_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pynvml, "nvmlDeviceGetMemoryInfo", refusing(pynvml.NVML_ERROR_NOT_SUPPORTED))
    found = gpu.facts()
    assert (found["gpu_name"], found["gpu_memory_bytes"]) == ("Test 9000", Missing.NOT_REPORTED)
    assert (found["gpu_count"], found["gpu_driver"]) == (1, "600.1")
    assert isinstance(found["gpu_id"], str)
    assert not isinstance(found["gpu_id"], Missing)


@pytest.mark.usefixtures("driver")
@pytest.mark.parametrize(
    ("code", "why"),
    [(pynvml.NVML_ERROR_GPU_IS_LOST, Missing.NO_SENSOR), (pynvml.NVML_ERROR_NO_PERMISSION, Missing.NO_PERMISSION)],
)
@pytest.mark.parametrize("lost", [0, 2])
def test_a_device_that_is_lost_leaves_the_others(
    monkeypatch: pytest.MonkeyPatch, code: int, why: Missing, lost: int
) -> None:
    codes = [code if index == lost else 0 for index in range(3)]
    monkeypatch.setattr(pynvml, "nvmlDeviceGetCount", lambda: 3)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetHandleByIndex", refusing(*codes))
    found = gpu.facts()
    assert (found["gpu_count"], found["gpu_id"]) == (3, why)
    assert str(found["gpu_name"]).count("Test 9000") == 2
    probe = NvmlPowerProbe()
    probe.open({"": None})
    readings = {r.quantity: (r.value, r.missing) for r in probe.sample()}
    probe.close()
    assert readings[f"gpu{lost}.power"] == (None, why)
    assert readings["gpu1.power"] == (123.5, None)


@pytest.mark.usefixtures("driver")
def test_a_value_below_zero_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pynvml, "nvmlDeviceGetPowerUsage", lambda _h: -1)
    probe = NvmlPowerProbe()
    probe.open({"": None})
    readings = {r.quantity: (r.value, r.missing) for r in probe.sample()}
    probe.close()
    assert readings["gpu0.power"] == (None, Missing.BAD_COUNTER)


@pytest.mark.usefixtures("driver")
def test_a_device_that_is_lost_in_mid_run_is_null_from_then_on(monkeypatch: pytest.MonkeyPatch) -> None:
    probe = NvmlPowerProbe()
    probe.open({"": None})
    before = {r.quantity: r.value for r in probe.sample()}
    lost = refusing(pynvml.NVML_ERROR_GPU_IS_LOST)
    for name in vars(pynvml).copy():
        if name.startswith(("nvmlDeviceGet", "nvmlShutdown")):
            monkeypatch.setattr(pynvml, name, lambda handle=0, *_: lost(handle))  # type: ignore[operator]
    after = list(probe.sample())
    probe.close()
    assert before["gpu0.power"] == 123.5
    assert {r.quantity for r in after} == before.keys()
    assert {(r.value, r.missing) for r in after} == {(None, Missing.NO_SENSOR)}


@pytest.mark.usefixtures("driver")
def test_power_is_read_more_often_than_the_state(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[int]()

    def power(handle: int) -> int:
        asked.append(handle)
        return 123_500

    monkeypatch.setattr(pynvml, "nvmlDeviceGetPowerUsage", power)
    poller = Poller([NvmlProbe(), NvmlPowerProbe()])
    poller.start({"": None})
    deadline = time.monotonic() + 60
    while len(asked) < 10 and time.monotonic() < deadline:
        time.sleep(0.01)
    seen = Counter(r.quantity for r in poller.stop())
    assert seen["gpu0.energy"] == seen["gpu0.power"] >= 10
    assert seen["gpu0.power"] > seen["gpu0.temperature"]
