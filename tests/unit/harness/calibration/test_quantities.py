"""What a calibration answers: the worst of the loads asked about."""

from __future__ import annotations

import pytest

from harness.calibration.errors import CellError, Spread
from harness.calibration.quantities import QUANTITIES, SUSTAINED, Found, worst
from harness.units import MS, ONE, PERCENT, TOK_PER_S


def cell(streams: int, *, bias: float = 0.1, p99: float | None = 0.5, runs: int = 3, rate: float = 100.0) -> CellError:
    spread = Spread(400, bias, 0.2, 0.15, p99, 3.0)
    return CellError(10, 5, streams, runs, spread, spread, spread, None, 0.1, rate, None, 1.0)


def test_the_worst_is_the_largest_in_size_with_its_sign() -> None:
    assert worst([cell(1, bias=0.1), cell(8, bias=-0.4)], "ttft.bias") == Found(-0.4, 6)


def test_loads_without_a_number_do_not_count() -> None:
    assert worst([cell(1, p99=None, runs=2), cell(8, p99=0.7, runs=5)], "itl.p99") == Found(0.7, 5)
    assert worst([cell(1)], "decode_rate.mean") == Found(None, 0)
    assert worst([cell(1)], "client.cpu") == Found(None, 0)
    assert worst([], "ttft.max") == Found(None, 0)


def test_the_sustained_rate_is_the_fastest_within_a_millisecond() -> None:
    cells = [cell(1, rate=200.0), cell(8, p99=0.9, rate=1600.0, runs=4), cell(64, p99=1.2, rate=9000.0)]
    assert worst(cells, SUSTAINED) == Found(1600.0, 4)
    assert worst([cell(64, p99=1.2)], SUSTAINED) == Found(None, 0)


def test_an_unknown_quantity_is_an_error() -> None:
    with pytest.raises(KeyError):
        worst([cell(1)], "ttft.p12")


def test_every_quantity_has_a_unit_and_a_meaning_without_digits() -> None:
    assert {quantity.unit for quantity in QUANTITIES.values()} == {MS, PERCENT, TOK_PER_S, ONE}
    for name, quantity in QUANTITIES.items():
        assert not any(character.isdigit() for character in quantity.meaning), name
