"""Power of accelerators: by counters and by polls of a driver that is described here, and typed nulls elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pynvml
import pytest

from harness.datasets.read import Dataset
from harness.datasets.schema import READINGS
from harness.events import Reading
from harness.metrics.definition import REASONS
from harness.metrics.runs import per_run
from harness.outcomes import Missing
from harness.probes.nvml import NvmlPowerProbe
from tests.support.tables import MS, requests_table, runs_table

S = 1_000 * MS
COUNTER, POLLS = "gpu_power", "gpu_power_polled"
ROOT = Path(__file__).parents[4]


class Telemetry:
    """A run of thirty seconds, measured from 2 s to 22 s, with readings."""

    def __init__(self, readings: Sequence[Reading], run: str = "r1") -> None:
        own = {"run_id": run, "cell_id": "c1", "position": 0}
        rows = [
            own
            | {"probe": r.probe, "quantity": r.quantity, "unit": r.unit, "at_ns": r.at_ns, "value": r.value}
            | {"missing": r.missing}
            for r in readings
        ]
        self.found = {
            "readings": pa.Table.from_pylist(rows, schema=READINGS),
            "requests": requests_table([{"planned_ns": 2 * S, "end_ns": 20 * S}]),
        }

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        return self.found[name].select(list(columns)) if columns else self.found[name]


def asked(metric_id: str, readings: Sequence[Reading]) -> float | Missing | None:
    telemetry = Telemetry(readings)
    found = per_run(runs_table([{"duration_ns": 30 * S}]), telemetry.found["requests"], metric_id, tables=telemetry)
    return REASONS[found.reason[0]] or float(found.values[0])


def series(quantity: str, values: Mapping[int, float | None], device: int = 0) -> list[Reading]:
    name, unit = f"gpu{device}.{quantity}", "J" if quantity == "energy" else "W"
    return [
        Reading("nvml", name, unit, at * S, value, None if value is not None else Missing.NO_SENSOR)
        for at, value in values.items()
    ]


def over(value: Callable[[int], float], *left_out: int) -> dict[int, float | None]:
    """A value each second, and none at some."""
    return {at: value(at) for at in range(30) if at not in left_out}


def steady(_: int) -> float:
    return 50.0


def test_a_counter_gives_the_joules_of_the_window() -> None:
    assert asked(COUNTER, series("energy", over(lambda at: 5_000.0 + 70.0 * at))) == pytest.approx(70.0)


def test_polls_are_integrated_between_the_ends_of_the_window() -> None:
    """40 W until 10 s, then 100 W: eight seconds, one of the way up (70 J), eleven."""
    found = asked(POLLS, series("power", over(lambda at: 40.0 if at <= 10 else 100.0)))
    assert found == pytest.approx((8 * 40.0 + 70.0 + 11 * 100.0) / 20)


def test_the_devices_of_a_machine_are_added() -> None:
    both = series("energy", over(lambda at: 30.0 * at)) + series("energy", over(lambda at: 12.0 * at), device=11)
    assert asked(COUNTER, both) == pytest.approx(42.0)


@pytest.mark.parametrize(("metric_id", "quantity"), [(COUNTER, "energy"), (POLLS, "power")])
def test_a_device_without_a_value_leaves_none_of_the_sum(metric_id: str, quantity: str) -> None:
    there = series(quantity, over(lambda at: 30.0 * at))
    lost = [Reading("nvml", f"gpu1.{quantity}", "W", 0, None, Missing.NO_PERMISSION)]
    assert asked(metric_id, there + lost) is Missing.NO_PERMISSION


@pytest.mark.parametrize(
    ("metric_id", "quantity", "values", "reason"),
    [
        (COUNTER, "energy", {0: None}, Missing.NO_SENSOR),
        (POLLS, "power", {0: None}, Missing.NO_SENSOR),
        (COUNTER, "energy", {}, Missing.NOT_REPORTED),
        (POLLS, "power", {}, Missing.NOT_REPORTED),
        # vanishes in mid-run
        (COUNTER, "energy", over(lambda at: at, *range(12, 30)) | {12: None}, Missing.TOO_FEW_SAMPLES),
        (POLLS, "power", over(lambda at: at, *range(12, 30)) | {12: None}, Missing.TOO_FEW_SAMPLES),
        # vanishes and comes back
        (POLLS, "power", over(steady) | {12: None}, Missing.TOO_FEW_SAMPLES),
        (POLLS, "power", over(steady, 12, 13, 14), Missing.TOO_FEW_SAMPLES),
        # wraps, or begins anew with its driver
        (COUNTER, "energy", over(lambda at: at * 30.0 if at < 15 else at - 15.0), Missing.BAD_COUNTER),
        # too seldom to say anything
        (COUNTER, "energy", {at: 30.0 * at for at in range(0, 30, 2)}, Missing.TOO_FEW_SAMPLES),
        (POLLS, "power", dict.fromkeys(range(0, 30, 2), 30.0), Missing.TOO_FEW_SAMPLES),
        # ends before the window does
        (COUNTER, "energy", {at: 30.0 * at for at in range(22)}, Missing.TOO_FEW_SAMPLES),
        (POLLS, "power", dict.fromkeys(range(22), 30.0), Missing.TOO_FEW_SAMPLES),
    ],
)  # fmt: skip
def test_what_a_sensor_does_not_tell_is_null_with_its_reason(
    metric_id: str, quantity: str, values: Mapping[int, float | None], reason: Missing
) -> None:
    ordered = dict(sorted(values.items()))
    assert asked(metric_id, series(quantity, ordered)) is reason


def test_a_counter_that_is_lost_for_a_while_still_counted() -> None:
    """What it rose over the hole it did rise, unlike a power that nobody read."""
    values = over(lambda at: 30.0 * at) | {12: None}
    assert asked(COUNTER, series("energy", dict(sorted(values.items())))) == pytest.approx(30.0)


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Two devices whose counters a test turns on; the second has none."""
    said = {"mJ": 0.0, "mW": 0.0}

    def energy(handle: int) -> float:
        if handle:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)
        return said["mJ"]

    answers: dict[str, Callable[..., object]] = {
        "nvmlInit": lambda: None,
        "nvmlShutdown": lambda: None,
        "nvmlDeviceGetCount": lambda: 2,
        "nvmlDeviceGetHandleByIndex": lambda index: index,
        "nvmlDeviceGetPowerUsage": lambda _: said["mW"],
        "nvmlDeviceGetTotalEnergyConsumption": energy,
    }
    for name in [name for name in vars(pynvml) if name.startswith("nvmlDeviceGet")]:
        monkeypatch.setattr(pynvml, name, lambda *_: _unsupported())
    for name, answer in answers.items():
        monkeypatch.setattr(pynvml, name, answer)
    return said


def _unsupported() -> None:
    raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)


def test_what_the_driver_says_becomes_power_by_polls_where_one_device_counts_nothing(
    driver: dict[str, float],
) -> None:
    probe = NvmlPowerProbe()
    probe.open({"": None})
    readings = list[Reading]()
    for at in range(30):
        driver |= {"mJ": 250_000.0 * at, "mW": 250_000.0}
        readings += [Reading(r.probe, r.quantity, r.unit, at * S, r.value, r.missing) for r in probe.sample()]
    probe.close()
    assert asked(COUNTER, readings) is Missing.NOT_REPORTED
    assert asked(POLLS, readings) == pytest.approx(500.0)
    first = [one for one in readings if one.quantity.startswith("gpu0.")]
    assert asked(COUNTER, first) == pytest.approx(250.0)


def test_a_published_recording_without_a_device_says_so() -> None:
    recorded = Dataset.open(ROOT / "data" / "tr119" / "r0001")
    for metric_id in (COUNTER, POLLS):
        found = per_run(recorded.runs, recorded.requests, metric_id, tables=recorded)
        assert found.missing == {Missing.NO_SENSOR: len(found)}
