"""A sensor that fails in the middle of a run: null with a reason, the others go on, and the run too."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

import pytest

from harness.events import Reading
from harness.outcomes import Missing
from harness.probes.poller import Poller
from harness.protocols import Capability
from harness.protocols.probe import Engines


class Sensor:
    """Tells 1.0, 2.0, … as ``a`` and as ``b``; from sample ``fails_at`` on it raises, or tells ``garbage``."""

    name = "sensor"
    interval_s = 0.01

    def __init__(self, error: Exception | None = None, fails_at: int = 2, garbage: float | None = None) -> None:
        self.error, self.fails_at, self.garbage = error, fails_at, garbage
        self.samples = 0

    @classmethod
    def capability(cls) -> Capability:
        return Capability(cls.name, available=True)

    def open(self, engines: Engines) -> None:
        del engines
        self._fail(0)

    def sample(self) -> Iterator[Reading]:
        self.samples += 1
        broken = self.samples >= self.fails_at
        yield Reading(self.name, "a", "W", time.monotonic_ns(), float(self.samples))
        self._fail(self.samples)
        value = self.garbage if broken and self.garbage is not None else float(self.samples)
        yield Reading(self.name, "b", "J", time.monotonic_ns(), value)

    def _fail(self, at: int) -> None:
        if self.error is not None and at >= self.fails_at:
            raise self.error

    def close(self) -> None:
        self._fail(99)


class Other(Sensor):
    name = "other"


def readings(*probes: Sensor) -> list[Reading]:
    poller = Poller(probes, interval_s=0.005)
    poller.start({"": None})
    deadline = time.monotonic() + 60
    while probes[-1].samples < 4 and time.monotonic() < deadline:
        time.sleep(0.005)
    return list(poller.stop())


def of(found: Iterable[Reading], probe: str, quantity: str) -> list[Reading]:
    return [one for one in found if (one.probe, one.quantity) == (probe, quantity)]


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (OSError(5, "Input/output error"), Missing.NOT_REPORTED),
        (ValueError("invalid literal for int()"), Missing.NOT_REPORTED),
        (PermissionError(13, "Permission denied"), Missing.NO_PERMISSION),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), Missing.NOT_REPORTED),
    ],
)
def test_a_sensor_that_fails_is_null_and_the_others_go_on(error: Exception, why: Missing) -> None:
    found = readings(Sensor(error), Other())
    assert len(of(found, "other", "b")) >= 4
    assert all(one.value is not None for one in of(found, "other", "b"))
    first, *later = of(found, "sensor", "b")
    assert (first.value, first.missing, first.unit) == (1.0, None, "J")
    assert {(one.value, one.missing, one.unit) for one in later} == {(None, why, "J")}
    assert [one.value for one in of(found, "sensor", "a")][:2] == [1.0, 2.0], "what was read before stays"


def test_a_sensor_that_never_opens_is_one_null() -> None:
    found = readings(Sensor(PermissionError(), fails_at=0), Other())
    assert {(one.quantity, one.value, one.missing) for one in found if one.probe == "sensor"} == {
        ("sensor", None, Missing.NO_PERMISSION)
    }


@pytest.mark.parametrize("garbage", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_is_null(garbage: float) -> None:
    found = of(readings(Sensor(garbage=garbage)), "sensor", "b")
    assert {(one.value, one.missing) for one in found[1:]} == {(None, Missing.BAD_COUNTER)}
