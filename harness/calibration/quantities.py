"""What a calibration can be asked for: one number per load, with its unit and its meaning.

Over several loads the answer is the worst one: the largest in size. ``rate.sustained`` is the exception, the fastest
load at which the p99 error of gaps stays within 1 ms at every time to first token.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from ..units import MS, ONE, PERCENT, TOK_PER_S, Unit
from .errors import CellError, Spread, sustained

Read = Callable[[CellError], float | None]
SUSTAINED = "rate.sustained"


@dataclass(frozen=True, slots=True)
class Quantity:
    """``read`` gives the number of one load, ``None`` where it has too few values."""

    unit: Unit
    meaning: str
    read: Read


@dataclass(frozen=True, slots=True)
class Found:
    """``runs`` is how many runs stand behind the number; ``number`` is ``None`` where no load has one."""

    number: float | None
    runs: int


_SPREADS: Mapping[str, tuple[Unit, str]] = {
    "ttft": (MS, "error of the time to first token"),
    "arrival": (MS, "error of the arrival of a token"),
    "itl": (MS, "error of the gap between tokens"),
    "decode_rate": (PERCENT, "error of the decode rate, in percent of the true one"),
}
_STATISTICS = {
    "bias": "mean, with its sign",
    "mean": "mean size",
    "p50": "median size",
    "p99": "size that one in a hundred exceeds",
    "max": "largest size",
}
_FIELDS = {"decode_rate": "rate"}


def _of_spread(field: str, statistic: str, cell: CellError) -> float | None:
    spread: Spread | None = getattr(cell, field)
    found: float | None = getattr(spread, statistic) if spread else None
    return found


QUANTITIES: Mapping[str, Quantity] = {
    **{
        f"{name}.{statistic}": Quantity(
            unit, f"{meaning}: {how}", partial(_of_spread, _FIELDS.get(name, name), statistic)
        )
        for name, (unit, meaning) in _SPREADS.items()
        for statistic, how in _STATISTICS.items()
    },
    "loop_lag.p99": Quantity(
        MS, "how late the client's event loop ran: exceeded once in a hundred times", lambda cell: cell.lag_ms
    ),
    "client.cpu": Quantity(ONE, "processors that the client used", lambda cell: cell.client_cpu),
    "pacer.p99": Quantity(
        MS, "how late the pacer itself wrote: exceeded by one token in a hundred", lambda cell: cell.pace_ms
    ),
    "rate.written": Quantity(
        TOK_PER_S, "tokens that the pacer wrote in a second, all streams together", lambda cell: cell.chunks_per_s
    ),
    SUSTAINED: Quantity(
        TOK_PER_S,
        "highest rate, all streams together, at which at most one gap in a hundred is off by over a millisecond,"
        " whatever the time to first token",
        lambda cell: cell.chunks_per_s,
    ),
}
"""Every question that a calibration answers, by name."""


def worst(cells: Iterable[CellError], name: str) -> Found:
    """The answer of ``cells`` to the quantity ``name``. Raises ``KeyError`` for an unknown name."""
    read, kept = QUANTITIES[name].read, list(cells)
    if name == SUSTAINED:
        best = sustained(kept)
        return Found(best.chunks_per_s, best.runs) if best else Found(None, 0)
    known = [(number, cell.runs) for cell in kept if (number := read(cell)) is not None]
    if not known:
        return Found(None, 0)
    return Found(max((number for number, _ in known), key=abs), sum(runs for _, runs in known))
