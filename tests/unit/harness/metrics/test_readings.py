"""Metrics of telemetry: windows, peaks and counters by hand, and on the readings of a committed dataset."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pytest

from harness.datasets.read import Dataset
from harness.datasets.schema import READINGS
from harness.errors import DatasetCorrupt, UsageError
from harness.metrics.definition import REASONS
from harness.metrics.definitions.server_load import OF_SERVERS
from harness.metrics.runs import per_run
from harness.outcomes import Missing
from harness.probes.server_metrics import QUANTITIES
from tests.support.tables import MS, requests_table, runs_table

S = 1_000 * MS
DATA = Path(__file__).parents[4] / "data"


class Telemetry:
    """Readings, requests and runs as a dataset has them."""

    def __init__(self, readings: Sequence[Mapping[str, object]], requests: Sequence[Mapping[str, object]]) -> None:
        rows = [
            {"run_id": "r1", "cell_id": "c1", "position": 0, "probe": "process", "unit": "B"} | dict(r)
            for r in readings
        ]
        self.found = {
            "readings": pa.Table.from_pylist(rows, schema=READINGS),
            "requests": requests_table(
                [{"planned_ns": 2 * S, "end_ns": 2 * S} | dict(request) for request in requests]
            ),
        }

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        return self.found[name].select(list(columns)) if columns else self.found[name]


def readings(quantity: str, *pairs: tuple[int, float | None], **fields: object) -> list[dict[str, object]]:
    return [{"quantity": quantity, "at_ns": at * S, "value": value, **fields} for at, value in pairs]


def asked(metric_id: str, telemetry: Telemetry, *runs: Mapping[str, object]) -> list[float | Missing | None]:
    table = runs_table([{"duration_ns": 10 * S} | dict(run) for run in runs or ({},)])
    found = per_run(table, telemetry.found["requests"], metric_id, tables=telemetry)
    return [REASONS[code] or float(value) for code, value in zip(found.reason, found.values, strict=True)]


def test_the_peak_is_the_largest_reading_of_the_whole_run() -> None:
    rss = readings("engine.rss", (0, 2**20), (3, 5 * 2**20), (9, 3 * 2**20), (11, 9 * 2**20))
    other = readings("client.rss", (4, 7 * 2**20))
    assert asked("engine_rss_peak", Telemetry(rss + other, [{}])) == [5.0]


def test_a_counter_rises_evenly_between_its_readings() -> None:
    """From 2 s to 4 s: half of the way from 1 s to 3 s, and the way from 3 s to 4 s: 0.5 + 0.2 s of 2 s."""
    cpu = readings("engine.cpu_time", (1, 1.0), (3, 2.0), (5, 2.4))
    assert asked("engine_cpu_share", Telemetry(cpu, [{}])) == [pytest.approx(35.0)]


def test_the_window_spans_all_measured_requests_and_no_other() -> None:
    requests = [
        {"planned_ns": 2 * S, "end_ns": S},
        {"planned_ns": 5 * S, "end_ns": S},
        {"phase": "cold", "planned_ns": 0},
    ]
    cpu = readings("engine.cpu_time", (0, 0.0), (2, 10.0), (4, 12.0), (6, 14.0), (8, 30.0))
    assert asked("engine_cpu_share", Telemetry(cpu, requests)) == [pytest.approx(100.0)]


@pytest.mark.parametrize(
    ("pairs", "requests", "reason"),
    [
        (((2, 1.0), (4, 2.0)), [{"phase": "cold"}], Missing.NOT_APPLICABLE),
        (((2, 1.0), (4, 2.0)), [{"end_ns": None}], Missing.NOT_APPLICABLE),
        (((3, 1.0), (5, 2.0)), [{}], Missing.TOO_FEW_SAMPLES),
        (((1, 1.0), (3, 2.0)), [{}], Missing.TOO_FEW_SAMPLES),
        (((1, 1.0), (5, 2.0)), [{}], Missing.TOO_FEW_SAMPLES),
        (((2, 1.0), (4, 2.0)), [{"end_ns": 0}], Missing.TOO_FEW_SAMPLES),
        (((2, 2.0), (4, 1.0)), [{}], Missing.BAD_COUNTER),
        (((2, None), (4, None)), [{}], Missing.NOT_REPORTED),
        ((), [{}], Missing.NOT_REPORTED),
    ],
)
def test_a_counter_without_a_rate_says_why(
    pairs: tuple[tuple[int, float | None], ...], requests: list[dict[str, object]], reason: Missing
) -> None:
    assert asked("engine_cpu_share", Telemetry(readings("engine.cpu_time", *pairs), requests)) == [reason]


def test_power_is_the_rise_of_the_energy_counter_over_twenty_readings_at_least() -> None:
    """30 J a second from 2 s to 22 s, read once a second; a window of four readings says nothing."""
    energy = readings("energy.total", *((at, 30.0 * at) for at in range(30)))
    long, short = [{"end_ns": 20 * S}], [{"end_ns": 3 * S}]
    run = {"duration_ns": 30 * S}
    assert asked("power", Telemetry(energy, long), run) == [pytest.approx(30.0)]
    assert asked("power", Telemetry(energy, short), run) == [Missing.TOO_FEW_SAMPLES]
    absent = readings("energy.total", (0, None), missing="no_sensor")
    assert asked("power", Telemetry(absent, long), run) == [Missing.NO_SENSOR]


@pytest.mark.parametrize(
    ("last", "again", "reason"),
    [(12, [], Missing.TOO_FEW_SAMPLES), (12, [(25, 750.0)], Missing.TOO_FEW_SAMPLES),
     (21, [(25, 1.0)], Missing.BAD_COUNTER)],
)  # fmt: skip
def test_a_counter_that_vanishes_in_mid_run_has_no_power(
    last: int, again: list[tuple[int, float | None]], reason: Missing
) -> None:
    """Not that of the part that was seen, nor one over the hole, nor over a counter that began anew."""
    seen = [(at, 30.0 * at) for at in range(last)]
    energy = readings("energy.total", *seen, *again) + readings("energy.total", (last, None), missing="not_reported")
    assert asked("power", Telemetry(energy, [{"end_ns": 20 * S}]), {"duration_ns": 30 * S}) == [reason]


def test_a_missing_sensor_keeps_its_reason_and_a_strange_one_is_none() -> None:
    absent = readings("engine.rss", (0, None), missing="no_permission")
    strange = readings("engine.rss", (0, None), run_id="r2", missing="<b>")
    assert asked("engine_rss_peak", Telemetry(absent, [])) == [Missing.NO_PERMISSION]
    assert asked("engine_rss_peak", Telemetry(strange, []), {"outcome": "failed"}, {}) == [
        Missing.RUN_FAILED,
        Missing.NOT_REPORTED,
    ]


def test_a_reading_of_no_run_and_a_question_without_tables_are_refused() -> None:
    telemetry = Telemetry(readings("engine.rss", (0, 1.0), run_id="r9"), [])
    with pytest.raises(DatasetCorrupt, match="a reading belongs to no run"):
        asked("engine_rss_peak", telemetry)
    with pytest.raises(UsageError, match="give the tables"):
        per_run(runs_table([{}]), requests_table([]), "engine_rss_peak")


@pytest.fixture(scope="module")
def recorded() -> Dataset:
    return Dataset.open(DATA / "tr108" / "v3")


def by_run(dataset: Dataset, quantity: str) -> dict[str, list[tuple[int, float]]]:
    found: dict[str, list[tuple[int, float]]] = {}
    for row in dataset.readings.to_pylist():
        if row["quantity"] == quantity and row["value"] is not None:
            found.setdefault(row["run_id"], []).append((row["at_ns"], row["value"]))
    return found


def test_the_memory_of_a_recorded_engine(recorded: Dataset) -> None:
    """By hand from the same rows; Gemma's and SmolLM2's weights are 241 and 95 MiB, and both are resident."""
    found = per_run(recorded.runs, recorded.requests, "engine_rss_peak", tables=recorded)
    expected = {run: max(value for _, value in pairs) / 2**20 for run, pairs in by_run(recorded, "engine.rss").items()}
    assert dict(zip(found.columns["run_id"], found.values, strict=True)) == pytest.approx(expected)
    assert not found.missing
    assert 95 < found.present.min() < found.present.max() < 1000


def test_the_processors_of_a_recorded_engine(recorded: Dataset) -> None:
    """Between the readings around the measured requests the share is never far from that of the whole readings."""
    found = per_run(recorded.runs, recorded.requests, "engine_cpu_share", tables=recorded)
    assert found.missing == {Missing.TOO_FEW_SAMPLES: 42}, (
        "the fastest cells answer in less time than readings are apart"
    )
    whole = {
        run: 1e11 * (pairs[-1][1] - pairs[0][1]) / (pairs[-1][0] - pairs[0][0])
        for run, pairs in by_run(recorded, "engine.cpu_time").items()
    }
    for run, share in zip(found.columns["run_id"], found.values, strict=True):
        assert math.isnan(share) or share == pytest.approx(whole[run], abs=15)
    threads = found.columns["threads"]
    assert found.values[threads == "1"].mean() == pytest.approx(100, abs=5)


def test_what_a_server_said_of_its_own_work() -> None:
    """The window is from 2 s to 4 s; counters rise in it, gauges are those inside."""
    told = Telemetry(
        [
            *readings("server.requests_running", (1, 9.0), (2, 1.0), (3, 2.0), (4, 3.0), (5, 9.0)),
            *readings("server.requests_waiting", (1, 9.0), (2, 0.0), (3, 4.0), (5, 9.0)),
            *readings("server.kv_cache_used", (3, 12.5)),
            *readings("server.output_tokens", (1, 100.0), (2, 200.0), (4, 260.0), (5, 400.0)),
            *readings("server.prompt_tokens", (2, 0.0), (3, 50.0), (4, 64.0)),
            *readings("server.preemptions", (2, 1.0), (4, 3.0)),
            *readings("server.prefix_cache_queries", (2, 100.0), (4, 300.0)),
            *readings("server.prefix_cache_hits", (2, 10.0), (4, 60.0)),
        ],
        [{}],
    )
    found = {metric.id: asked(metric.id, told)[0] for metric in OF_SERVERS}
    assert found == {
        "server_running": 2.0,
        "server_waiting": 4.0,
        "server_cache_used": 12.5,
        "server_output_rate": pytest.approx(30.0),
        "server_prompt_rate": 32.0,
        "server_preemptions": 2.0,
        "server_prefix_hits": 25.0,
    }
    assert all(quantity.removeprefix("server.") in QUANTITIES for one in OF_SERVERS for quantity in one.quantities)


def test_what_a_server_did_not_say_is_missing_and_a_restart_is_a_bad_counter() -> None:
    nothing = Telemetry([], [{}])
    assert {asked(metric.id, nothing)[0] for metric in OF_SERVERS} == {Missing.NOT_REPORTED}
    restarted = readings("server.output_tokens", (2, 900.0), (3, 5.0), (4, 20.0))
    unasked = [*readings("server.prefix_cache_queries", (2, 7.0), (4, 7.0))]
    unasked += readings("server.prefix_cache_hits", (2, 7.0), (4, 7.0))
    told = Telemetry([*restarted, *unasked], [{}])
    assert asked("server_output_rate", told) == [Missing.BAD_COUNTER]
    assert asked("server_prefix_hits", told) == [Missing.NOT_APPLICABLE]
