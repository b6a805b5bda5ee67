"""The poller, the loop-lag monitor and the process probe, running."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterable

import pytest

from harness.events import Reading
from harness.outcomes import Missing
from harness.probes import PROBES
from harness.probes.loop_lag import LoopLag
from harness.probes.poller import Poller
from harness.probes.process import ProcessProbe
from harness.protocols import Capability
from harness.protocols.probe import Engines


class Counting:
    """A probe that counts its samples; ``available`` as asked."""

    name = "counting"
    interval_s = 0.01
    here = True

    def __init__(self) -> None:
        self.samples = 0
        self.threads: set[str] = set()
        self.closed = 0

    @classmethod
    def capability(cls) -> Capability:
        return Capability(cls.name, available=cls.here)

    def open(self, engines: Engines) -> None:
        self.engines = engines

    def sample(self) -> Iterable[Reading]:
        self.samples += 1
        self.threads.add(threading.current_thread().name)
        return [Reading(self.name, "samples", "", time.monotonic_ns(), float(self.samples))]

    def close(self) -> None:
        self.closed += 1


class Absent(Counting):
    here = False


def test_a_poller_without_probes_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []

    class Watched(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            asked.extend([] if timeout is None else [timeout])
            return super().wait(timeout)

    monkeypatch.setattr("harness.probes.poller.threading.Event", Watched)
    poller = Poller([])
    poller.start({"": None})
    while not asked:
        time.sleep(0.001)
    poller.stop()
    assert all(seconds > 1 for seconds in asked)


def test_the_polling_thread_is_prepared_in_itself() -> None:
    names: list[str] = []
    poller = Poller([Counting()], interval_s=60, prepare=lambda: names.append(threading.current_thread().name))
    poller.start({"": None})
    poller.stop()
    assert names == ["probes"]


@pytest.mark.skipif(sys.platform != "linux", reason="needs kernel timers")
def test_the_closing_bracket_is_no_lag_of_the_loop() -> None:
    happened: list[str] = []

    class Lag(LoopLag):
        def close(self) -> None:
            happened.append("still")
            super().close()

    class Bracket(Counting):
        def sample(self) -> Iterable[Reading]:
            happened.append("bracket")
            return super().sample()

    async def run() -> None:
        poller = Poller([Bracket(), Lag()], interval_s=60)
        poller.start({"": None})
        poller.stop()

    asyncio.run(run())
    assert happened == ["bracket", "still", "bracket", "still"]


def test_a_short_run_still_has_both_ends() -> None:
    probe = Counting()
    poller = Poller([probe], interval_s=60)
    poller.start({"": 77})
    readings = poller.stop()
    assert [r.value for r in readings] == [1.0, 2.0]
    assert all(r.at_ns >= 0 for r in readings)
    assert (probe.engines, probe.closed) == ({"": 77}, 1)
    assert poller.stop() == readings
    assert probe.closed == 1


def test_polls_in_its_own_thread_until_stopped() -> None:
    probe = Counting()
    poller = Poller([probe], interval_s=0.01)
    poller.start({"": None})
    deadline = time.monotonic() + 300
    while probe.samples < 4:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    readings = poller.stop()
    assert probe.threads == {"MainThread", "probes"}
    assert [r.at_ns for r in readings] == sorted(r.at_ns for r in readings)
    assert not [t for t in threading.enumerate() if t.name == "probes"]


def test_a_pace_polls_so_many_times_as_often() -> None:
    slow, fast = Counting(), Counting()
    pollers = Poller([slow], interval_s=60), Poller([fast], interval_s=60, pace=60_000)
    for poller in pollers:
        poller.start({"": None})
    deadline = time.monotonic() + 300
    while fast.samples < 6:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    for poller in pollers:
        poller.stop()
    assert slow.samples == 2


def test_an_absent_sensor_is_asked_once() -> None:
    probe = Absent()
    poller = Poller([probe], interval_s=0.01)
    poller.start({"": None})
    time.sleep(0.05)
    poller.stop()
    assert probe.samples == 1


def test_every_registered_probe_keeps_the_contract() -> None:
    async def use() -> list[Reading]:
        readings = []
        for name in PROBES:
            probe = PROBES.load(name)()
            assert probe.name == name == probe.capability().name
            probe.open({"": None})
            await asyncio.sleep(0.12)
            readings += list(probe.sample())
            probe.close()
        return readings

    readings = asyncio.run(use())
    assert {r.probe for r in readings} == set(PROBES)
    assert all((r.value is None) == (r.missing is not None) for r in readings)


@pytest.mark.skipif(sys.platform != "linux", reason="needs kernel timers")
def test_a_stall_counts_every_tick_that_it_hid() -> None:
    async def stall() -> dict[str, object]:
        lag = LoopLag(period_ns=5_000_000)
        lag.start()
        await asyncio.sleep(0.05)
        time.sleep(0.2)  # noqa: ASYNC251 the stall that is to be seen
        await asyncio.sleep(0.05)
        (reading,) = lag.sample()
        assert reading.value is not None
        assert reading.value >= 150
        return dict(lag.stop())

    facts = asyncio.run(stall())
    assert facts["loop_lag_n"] >= 40  # type: ignore[operator]
    assert facts["loop_lag_max_ns"] >= 150e6  # type: ignore[operator]
    assert facts["loop_lag_p50_ns"] >= 1e6  # type: ignore[operator]


def test_lag_before_the_first_tick_is_null() -> None:
    assert LoopLag().stop()["loop_lag_p99_ns"] is None


def test_a_dead_engine_is_null_and_the_client_is_not() -> None:
    with subprocess.Popen([sys.executable, "-c", "pass"]) as engine:
        probe = ProcessProbe()
        probe.open({"": engine.pid})
        os.waitid(os.P_PID, engine.pid, os.WEXITED | os.WNOWAIT)
        readings = {r.quantity: r for r in probe.sample()}
    assert readings["engine.rss"].missing is Missing.NOT_REPORTED
    assert readings["engine.rss"].value is None
    client = readings["client.rss"].value
    assert client is not None
    assert client > 1e6


def test_several_engines_are_read_by_their_names() -> None:
    probe = ProcessProbe()
    probe.open({"a": os.getpid(), "b": None})
    readings = {r.quantity: r for r in probe.sample()}
    assert readings["engine.a.rss"].value == readings["client.rss"].value
    assert readings["engine.b.rss"].missing is Missing.NOT_APPLICABLE
    assert "engine.rss" not in readings


def test_no_engine_is_not_applicable() -> None:
    probe = ProcessProbe()
    probe.open({"": None})
    readings = {r.quantity: r for r in probe.sample()}
    assert readings["engine.cpu_time"].missing is Missing.NOT_APPLICABLE


@pytest.mark.skipif(sys.platform != "linux", reason="needs kernel timers")
def test_the_lag_of_a_run_is_among_its_facts() -> None:
    async def run() -> dict[str, object]:
        poller = Poller.named(["loop_lag", "process"])
        poller.start({"": None})
        await asyncio.sleep(0.4)
        poller.stop()
        return dict(poller.facts())

    facts = asyncio.run(run())
    assert facts["loop_lag_n"] >= 5  # type: ignore[operator]
    assert facts["loop_lag_max_ns"] >= facts["loop_lag_p50_ns"] >= 0  # type: ignore[operator]
