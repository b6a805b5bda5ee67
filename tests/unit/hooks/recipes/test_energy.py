"""Energy of TR119 where sensors were read: each with its own power and status, none added, the idle power apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from harness.datasets.read import Dataset
from harness.events import Reading, Run
from harness.outcomes import Missing
from harness.studies.tr119 import STUDY
from hooks.analysis.declared_inputs import NO_INPUTS
from hooks.analysis.measurements import Measurements
from hooks.content.blocks import Cell
from hooks.recipes.costs.energy import SENSORS, measured, sensors
from hooks.recipes.costs.formulas import DECODE
from hooks.recipes.report_builder import Draft
from hooks.recipes.rows import Row, Rows, rows
from hooks.values.value import Value
from tests.support.datasets import make_dataset
from tests.support.runs import MS

NONE_THERE = {"power": "none: no sensor", "gpu_power": "none: no sensor", "gpu_power_polled": "none: no sensor",
              "meter_power": "none: not reported"}  # fmt: skip


def polls(run: Run, probe: str, quantity: str, value: Callable[[float], float | None]) -> Sequence[Reading]:
    """A reading each millisecond: ``value`` of the seconds after the run's start."""
    found = [(at, value(at / 1000)) for at in range(-1, run.duration_ns // MS + 2)]
    return [
        Reading(probe, quantity, "W", at * MS, told, None if told is not None else Missing.NOT_REPORTED)
        for at, told in found
    ]


def absent(*quantities: str) -> list[Reading]:
    return [Reading("nvml", one, "W", 0, None, Missing.NO_SENSOR) for one in quantities]


GPU_ABSENT = absent("gpu0.power", "gpu0.energy")
RAPL_ABSENT = absent("energy.total")


def rapl(run: Run) -> Sequence[Reading]:
    return polls(run, "rapl", "energy.total", lambda s: 1_000.0 + 20.0 * s)


def gpu(run: Run) -> Sequence[Reading]:
    """A device that draws 300 W and counts 310."""
    counter = polls(run, "nvml", "gpu0.energy", lambda s: 1_000.0 + 310.0 * s)
    return [*counter, *polls(run, "nvml", "gpu0.power", lambda _: 300.0)]


def meter(run: Run) -> Sequence[Reading]:
    idle = [
        Reading("meter", f"meter.idle_{when}", "W", 0, watts) for when, watts in (("before", 50.0), ("after", 54.0))
    ]
    return [*idle, *polls(run, "meter", "meter.power", lambda _: 400.0)]


def found(tmp_path: Path, *readings: Callable[[Run], Sequence[Reading]]) -> tuple[Rows[Row], list[dict[str, Cell]]]:
    """The rows of a synthetic recording, and the table of their energies by heading."""

    def amend(run: Run) -> Run:
        return replace(run, readings=tuple(one for make in readings for one in make(run)))

    dataset = Dataset.open(make_dataset(tmp_path, study=STUDY, runs=6, amend=amend))
    over = rows(Draft(Measurements(dataset), STUDY, NO_INPUTS), "arm").at()
    columns = list(measured(over))
    return over, [{one.column.header: one.ask(over.draft, row) for one in columns} for row in over]


def statuses(over: Rows[Row]) -> dict[str, Cell]:
    sensors(over, "sensors", "Sensors")
    lines = {row[0]: row[1] for row in over.draft.content().tables["sensors"].rows}
    return {metric_id: lines[words] for metric_id, (words, _) in SENSORS.items()}


def number(cell: Cell) -> float:
    assert isinstance(cell, Value)
    assert cell.number is not None
    return cell.number


def test_without_a_sensor_everything_is_null_with_the_reason(tmp_path: Path) -> None:
    over, lines = found(tmp_path, lambda _: [*GPU_ABSENT, *RAPL_ABSENT])
    assert statuses(over) == NONE_THERE
    for line in lines:
        power, energy, status = line.values()
        assert isinstance(power, Value)
        assert isinstance(energy, Value)
        assert power.missing == energy.missing == "no_sensor"
        assert status == "none: no sensor"


def test_each_sensor_has_its_own_power_and_none_is_added(tmp_path: Path) -> None:
    over, lines = found(tmp_path, rapl, gpu, meter)
    assert statuses(over) == dict.fromkeys(SENSORS, "measured")
    for row, line in zip(over, lines, strict=True):
        speed = number(over.draft.ask(DECODE, row.where))
        watts = {
            "the processors": 20.0, "the GPUs by their counters": 310.0, "the GPUs by polls": 300.0,
            "the machine at the meter": 400.0,
        }  # fmt: skip
        for whose, power in watts.items():
            assert number(line[f"power of {whose}"]) == pytest.approx(power)
            assert number(line[f"energy of {whose} for an output token"]) == pytest.approx(power / speed)
        assert number(line["power at the meter without work"]) == 52.0
        assert number(line["energy above it for an output token"]) == pytest.approx(348.0 / speed)
        assert line["status"] == "measured"


def test_only_what_was_seen_has_a_column(tmp_path: Path) -> None:
    over, lines = found(tmp_path, gpu, lambda _: RAPL_ABSENT)
    assert statuses(over) == NONE_THERE | {"gpu_power": "measured", "gpu_power_polled": "measured"}
    assert [*lines[0]] == [
        "power of the GPUs by their counters", "energy of the GPUs by their counters for an output token",
        "power of the GPUs by polls", "energy of the GPUs by polls for an output token", "status",
    ]  # fmt: skip


def test_a_device_that_counts_nothing_has_the_power_of_its_polls(tmp_path: Path) -> None:
    def uncounted(run: Run) -> Sequence[Reading]:
        lost = [Reading("nvml", "gpu0.energy", "J", 0, None, Missing.NOT_REPORTED)]
        return [*RAPL_ABSENT, *lost, *polls(run, "nvml", "gpu0.power", lambda _: 300.0)]

    over, lines = found(tmp_path, uncounted)
    assert statuses(over) == NONE_THERE | {"gpu_power": "none: not reported", "gpu_power_polled": "measured"}
    assert next(iter(lines[0])) == "power of the GPUs by polls"


def test_a_meter_that_saw_no_idling_has_no_energy_above_it(tmp_path: Path) -> None:
    def alone(run: Run) -> Sequence[Reading]:
        return [*RAPL_ABSENT, *GPU_ABSENT, *polls(run, "meter", "meter.power", lambda _: 400.0)]

    _, lines = found(tmp_path, alone)
    above = lines[0]["energy above it for an output token"]
    assert isinstance(above, Value)
    assert above.missing == "not_reported"
    assert number(lines[0]["power of the machine at the meter"]) == pytest.approx(400.0)


def test_a_sensor_that_vanishes_in_mid_run_leaves_no_part_of_a_number(tmp_path: Path) -> None:
    def vanishing(run: Run) -> Sequence[Reading]:
        """Gone at 0.3 s, which is in the measured requests of every run."""
        told = polls(run, "nvml", "gpu0.power", lambda s: 300.0 if s < 0.3 else None)
        return [*RAPL_ABSENT, *absent("gpu0.energy"), *told]

    over, lines = found(tmp_path, vanishing)
    assert statuses(over)["gpu_power_polled"] == "none: too few samples"
    assert {line["status"] for line in lines} == {"none: no sensor"}
