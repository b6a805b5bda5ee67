"""Telemetry of every other request: pairs whose order turns, and readings only where it is on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from harness.client.event_loop import new_event_loop
from harness.events import Phase
from harness.protocols import Call
from harness.worker.telemetry import PAIR, WATCHED, Telemetry


def calls(count: int) -> list[Call]:
    return [Call(0, Phase.COLD, "p", "", 1, 1), *(Call(n, Phase.MEASURED, "p", "", 1, 1) for n in range(1, count + 1))]


def test_pairs_turn_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    happened: list[str] = []

    @contextmanager
    def on(_: Telemetry, pace: float = 1.0) -> Iterator[None]:
        happened.append(f"on {pace:g}")
        yield
        happened.append("off")

    monkeypatch.setattr(Telemetry, "_on", on)
    telemetry = Telemetry({"": None}, {}, 0, alternating=True)
    noted = []
    with telemetry.of_run():
        for call in calls(6):
            with telemetry.of_request(call) as said:
                noted.append((said.get(PAIR), said.get(WATCHED)))
    assert noted == [(None, None), (0, True), (0, False), (1, False), (1, True), (2, True), (2, False)]
    assert happened == ["on 4", "off"] * 3


def test_readings_are_those_of_watched_requests_and_of_a_whole_run() -> None:
    async def read(*, alternating: bool) -> tuple[int, set[str]]:
        telemetry = Telemetry({"": None}, {}, 0, alternating=alternating)
        seen = []
        with telemetry.of_run():
            for call in calls(2):
                with telemetry.of_request(call):
                    await asyncio.sleep(0.06)
                seen.append(len(telemetry.readings))
        assert telemetry.facts["loop_lag_n"]
        return seen[-1], {reading.probe for reading in telemetry.readings}

    for alternating in (True, False):
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            before_the_end, probes = runner.run(read(alternating=alternating))
        assert (before_the_end > 0) is alternating
        assert {"process", "memory", "loop_lag"} <= probes
